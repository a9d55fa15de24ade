/*
 * As much of CUDA as ol_cuda.cu uses, on the processor: so that its kernels are checked bit by bit
 * where there is no device. Blocks run one after another; the threads of a block are contexts that
 * take turns at __syncthreads(). For tests: it says nothing about speed or about the hardware.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define __global__ static
#define __device__
#define __shared__ static

struct dim3 {
  uint32_t x, y, z;
  dim3(uint32_t x_, uint32_t y_ = 1, uint32_t z_ = 1) : x(x_), y(y_), z(z_) {}
};

typedef int cudaError_t;
enum { cudaSuccess = 0, cudaErrorMemoryAllocation = 2, cudaErrorInsufficientDriver = 35, cudaErrorNoDevice = 100 };
enum { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };
struct cudaDeviceProp {
  char name[256];
};

static cudaError_t cudaGetLastError() { return cudaSuccess; }
static cudaError_t cudaGetDeviceCount(int *count) {
  *count = 1;
  return cudaSuccess;
}
static cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int) {
  strcpy(properties->name, "no device: on the processor");
  return cudaSuccess;
}
static const char *cudaGetErrorString(cudaError_t error) { return error == 0 ? "no error" : "out of memory"; }
static cudaError_t cudaMalloc(void **memory, size_t bytes) {
  *memory = malloc(bytes);
  return *memory == NULL ? cudaErrorMemoryAllocation : cudaSuccess;
}
static cudaError_t cudaFree(void *memory) {
  free(memory);
  return cudaSuccess;
}
static cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, int) {
  memcpy(to, from, bytes);
  return cudaSuccess;
}

static float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static float __uint_as_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
static uint32_t __float_as_uint(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

#define THREADS_MAX 1024
#define STACK_BYTES (64 << 10)

static dim3 blockIdx(0), threadIdx(0);
static ucontext_t scheduler, contexts[THREADS_MAX];
static char *stacks[THREADS_MAX];
static bool ended[THREADS_MAX];
static uint32_t running;
static void (*body)(void *);
static void *body_data;

static void __syncthreads() { swapcontext(&contexts[running], &scheduler); }

static void one_thread() {
  body(body_data);
  ended[running] = true;
}

static void run_block(uint32_t threads) {
  for (uint32_t t = 0; t < threads; t++) {
    if (stacks[t] == NULL) stacks[t] = (char *)malloc(STACK_BYTES);
    getcontext(&contexts[t]);
    contexts[t].uc_stack.ss_sp = stacks[t];
    contexts[t].uc_stack.ss_size = STACK_BYTES;
    contexts[t].uc_link = &scheduler;
    makecontext(&contexts[t], one_thread, 0);
    ended[t] = false;
  }
  for (uint32_t left = threads; left > 0;) {
    left = 0;
    for (running = 0; running < threads; running++) {
      if (ended[running]) continue;
      threadIdx.x = running;
      swapcontext(&scheduler, &contexts[running]);
      if (!ended[running]) left++;
    }
  }
}

template <typename Body>
static void run_grid(dim3 blocks, uint32_t threads, Body kernel) {
  body = [](void *data) { (*(Body *)data)(); };
  body_data = &kernel;
  for (blockIdx.y = 0; blockIdx.y < blocks.y; blockIdx.y++) {
    for (blockIdx.x = 0; blockIdx.x < blocks.x; blockIdx.x++) run_block(threads);
  }
}

#define LAUNCH(kernel, blocks, threads, ...) run_grid(dim3(blocks), threads, [&] { kernel(__VA_ARGS__); })
