// Trains a small neural network of two layers, one batch after the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

typedef struct {
  int in, out;
  float *weights, *bias, *values, *errors;
} Layer;

static Layer layer(int in, int out, int batch) {
  Layer l = {in, out, array(in * out, sizeof(float)), array(out, sizeof(float)), array(batch * out, sizeof(float)),
             array(batch * out, sizeof(float))};
  for (int i = 0; i < in * out; i++)
    l.weights[i] = (float)(uniform() - 0.5) / in;
  return l;
}

static void forward(Layer *l, int batch, const float *input) {
#pragma omp parallel for
  for (int b = 0; b < batch; b++)
    for (int o = 0; o < l->out; o++) {
      float sum = l->bias[o];
      for (int i = 0; i < l->in; i++)
        sum += input[b * l->in + i] * l->weights[o * l->in + i];
      l->values[b * l->out + o] = tanhf(sum);
    }
}

static void backward(const Layer *l, int batch, float *errors) {
#pragma omp parallel for
  for (int b = 0; b < batch; b++)
    for (int i = 0; i < l->in; i++) {
      float sum = 0;
      for (int o = 0; o < l->out; o++)
        sum += l->errors[b * l->out + o] * l->weights[o * l->in + i];
      errors[b * l->in + i] = sum;
    }
}

static void learn(Layer *l, int batch, const float *input, float rate) {
#pragma omp parallel for
  for (int o = 0; o < l->out; o++) {
    for (int i = 0; i < l->in; i++) {
      float sum = 0;
      for (int b = 0; b < batch; b++)
        sum += l->errors[b * l->out + o] * input[b * l->in + i];
      l->weights[o * l->in + i] -= rate * sum;
    }
  }
}

static void slope(Layer *l, int batch, const float *wanted) {
#pragma omp parallel for
  for (int i = 0; i < batch * l->out; i++) {
    const float v = l->values[i];
    l->errors[i] = (wanted ? v - wanted[i] : l->errors[i]) * (1 - v * v);
  }
}

int main(int argc, char **argv) {
  const int batch = size(argc, argv, 4, 64), in = size(argc, argv, 8, 400), hidden = size(argc, argv, 12, 300), out = 10;
  const int times = size(argc, argv, 40000, 25);
  Layer first = layer(in, hidden, batch), second = layer(hidden, out, batch);
  float *input = array(batch * in, sizeof *input), *wanted = array(batch * out, sizeof *wanted);
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < batch * in; i++)
      input[i] = (float)uniform();
    for (int i = 0; i < batch * out; i++)
      wanted[i] = i % out == (int)(input[i / out * in] * 10);
    forward(&first, batch, input);
    forward(&second, batch, first.values);
    slope(&second, batch, wanted);
    backward(&second, batch, first.errors);
    slope(&first, batch, NULL);
    learn(&second, batch, first.values, 0.01f);
    learn(&first, batch, input, 0.01f);
  }
  report_floats(first.weights, in * hidden);
}
