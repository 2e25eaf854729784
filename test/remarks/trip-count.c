// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Rpass-analysis=ferry -Xclang -verify
struct node { struct node *next; int value; };
void increment(struct node *n) {
  while (n) { // expected-remark {{the number of iterations is not known when the loop starts [trip-count]}} expected-remark {{write the loop with a counter}}
    n->value++;
    n = n->next;
  }
}
