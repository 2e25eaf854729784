// More accesses than a site describes.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void many(long *a, long *b, long *c, long *d, int n) {
  for (int i = 0; i < n; i++) { // expected-remark {{the loop has too many loops or memory accesses [too-complex]}}
    long s = 0;
#define T(k) s += b[i + k * n] * c[i + k * n];
    T(1) T(2) T(3) T(4) T(5) T(6) T(7) T(8) T(9) T(10) T(11) T(12) T(13) T(14) T(15) T(16) T(17) T(18)
    T(21) T(22) T(23) T(24) T(25) T(26) T(27) T(28) T(29) T(30) T(31) T(32) T(33) T(34) T(35) T(36) T(37) T(38)
    T(41) T(42) T(43) T(44) T(45) T(46) T(47) T(48) T(49) T(50) T(51) T(52) T(53) T(54) T(55) T(56) T(57) T(58)
    T(61) T(62) T(63) T(64) T(65) T(66) T(67) T(68) T(69) T(70) T(71) T(72) T(73) T(74) T(75) T(76) T(77) T(78)
    a[i] = s;
  }
}
