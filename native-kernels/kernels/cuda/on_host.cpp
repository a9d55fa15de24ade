#define OL_CUDA_ON_HOST
#include "ol_cuda.cu"
