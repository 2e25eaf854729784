// With constant sizes, that the iterations of triangles and diagonals are apart
// is known when compiled; and so it is where they meet.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
enum { N = 256 };
double square[N][N], data[N][N];

void columns(void) {
  for (int i = 0; i < N; i++) { // expected-remark-re {{{{^}}loop offloaded{{$}}}}
    for (int j = 0; j < N; j++)
      square[j][i] = 0;
    square[i][i] = 1;
  }
}
void below(void) {
  for (int i = 0; i < N; i++) // expected-remark-re {{{{^}}loop offloaded{{$}}}}
    for (int j = 0; j < i; j++)
      square[i][j] = square[j][i] + 1;
}
void correlation(void) {
  for (int i = 0; i < N - 1; i++) { // expected-remark-re {{{{^}}loop offloaded{{$}}}}
    square[i][i] = 1;
    for (int j = i + 1; j < N; j++) {
      square[i][j] = 0;
      for (int k = 0; k < N; k++)
        square[i][j] += data[k][i] * data[k][j];
      square[j][i] = square[i][j];
    }
  }
}
void next(void) {
  for (int i = 0; i < N - 1; i++) // expected-remark {{an iteration uses what another one writes: 'square'}}
    for (int j = i + 1; j < N; j++) { // expected-remark {{too little work}}
      square[i][j] = square[j][i] * 2;
      square[j][i + 1] = 1;
    }
}
