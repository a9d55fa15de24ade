package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** {@link StrictProducts} but the adapters. */
interface JavaProducts extends StrictProducts {
  @Override
  default void linear(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, x, strideX, type, w, strideW, y, strideY);
    var row = new float[JavaMultiply.DEPTH];
    JavaMultiply.run(
        rows,
        outputs,
        inputs,
        (i, from, count, to) -> Memory.read(x, i * strideX + from, to, count),
        (from, depth, first, width, to) -> {
          for (int j = 0; j < width; j++) {
            Memory.read(type, w, (first + j) * strideW + from, row, depth);
            for (int p = 0; p < depth; p++) {
              to[p * width + j] = row[p];
            }
          }
        },
        y,
        strideY,
        accumulate);
  }

  @Override
  default void pack(
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment packed) {
    Checks.pack(outputs, inputs, type, w, strideW, packed);
    int bytes = type.bytes();
    for (int first = 0; first < outputs; first += PANEL) {
      int width = Checks.panel(outputs, first);
      for (int j = 0; j < width; j++) {
        for (int p = 0; p < inputs; p++) {
          long to = ((long) first * inputs + (long) p * width + j) * bytes;
          long from = ((first + j) * strideW + p) * bytes;
          for (int b = 0; b < bytes; b++) {
            byte value = first + j < outputs ? w.get(JAVA_BYTE, from + b) : 0;
            packed.set(JAVA_BYTE, to + b, value);
          }
        }
      }
    }
  }

  @Override
  default void linearPacked(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment packed,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    Checks.linearPacked(rows, outputs, inputs, x, strideX, type, packed, y, strideY);
    var panel = new float[JavaMultiply.DEPTH * PANEL];
    JavaMultiply.run(
        rows,
        outputs,
        inputs,
        (i, from, count, to) -> Memory.read(x, i * strideX + from, to, count),
        (from, depth, first, width, to) -> {
          for (int at = 0; at < width; at += PANEL) {
            int lanes = Checks.panel(outputs, first + at);
            int held = Math.min(lanes, width - at);
            long start = (long) (first + at) * inputs + (long) from * lanes;
            Memory.read(type, packed, start, panel, depth * lanes);
            for (int p = 0; p < depth; p++) {
              System.arraycopy(panel, p * lanes, to, p * width + at, held);
            }
          }
        },
        y,
        strideY,
        accumulate);
  }

  @Override
  default void linearInputGradient(
      int rows,
      int outputs,
      int inputs,
      MemorySegment dy,
      long strideDy,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment dx,
      long strideDx,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, dx, strideDx, type, w, strideW, dy, strideDy);
    var row = new float[JavaMultiply.WIDTH];
    JavaMultiply.run(
        rows,
        inputs,
        outputs,
        (i, from, count, to) -> Memory.read(dy, i * strideDy + from, to, count),
        (from, depth, first, width, to) -> {
          for (int p = 0; p < depth; p++) {
            Memory.read(type, w, (from + p) * strideW + first, row, width);
            System.arraycopy(row, 0, to, p * width, width);
          }
        },
        dx,
        strideDx,
        accumulate);
  }

  @Override
  default void linearWeightGradient(
      int rows,
      int outputs,
      int inputs,
      MemorySegment dy,
      long strideDy,
      MemorySegment x,
      long strideX,
      MemorySegment dw,
      long strideDw,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, x, strideX, WeightType.F32, dw, strideDw, dy, strideDy);
    var row = new float[JavaMultiply.WIDTH];
    JavaMultiply.run(
        outputs,
        inputs,
        rows,
        (i, from, count, to) -> {
          for (int p = 0; p < count; p++) {
            to[p] = Memory.number(dy, (from + p) * strideDy + i);
          }
        },
        (from, depth, first, width, to) -> {
          for (int p = 0; p < depth; p++) {
            Memory.read(x, (from + p) * strideX + first, row, width);
            System.arraycopy(row, 0, to, p * width, width);
          }
        },
        dw,
        strideDw,
        accumulate);
  }

  @Override
  default void linearInt8(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY) {
    Checks.linearInt8(rows, outputs, inputs, x, strideX, w, strideW, y, strideY);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < outputs; j++) {
        int sum = 0;
        for (int p = 0; p < inputs; p++) {
          sum += Memory.small(x, i * strideX + p) * Memory.small(w, j * strideW + p);
        }
        y.setAtIndex(JAVA_INT, i * strideY + j, sum);
      }
    }
  }

  @Override
  default void quantize(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment q,
      long strideQ,
      MemorySegment scales) {
    Checks.quantize(rows, columns, x, strideX, q, strideQ, scales);
    for (int i = 0; i < rows; i++) {
      float max = 0;
      for (int j = 0; j < columns; j++) {
        float size = Math.abs(Memory.number(x, i * strideX + j));
        max = size > max ? size : max;
      }
      Memory.put(scales, i, max / 127);
      float by = 127 / max;
      for (int j = 0; j < columns; j++) {
        float value = Memory.number(x, i * strideX + j) * by;
        value = value > 127 ? 127 : value;
        value = value < -127 ? -127 : value;
        q.set(JAVA_BYTE, i * strideQ + j, (byte) Math.rint(value));
      }
    }
  }

  @Override
  default void dequantize(
      int rows,
      int columns,
      MemorySegment sums,
      long strideSums,
      MemorySegment rowScales,
      MemorySegment columnScales,
      MemorySegment y,
      long strideY) {
    Checks.dequantize(rows, columns, sums, strideSums, rowScales, columnScales, y, strideY);
    for (int i = 0; i < rows; i++) {
      float scale = Memory.number(rowScales, i);
      for (int j = 0; j < columns; j++) {
        float both = scale * Memory.number(columnScales, j);
        Memory.put(y, i * strideY + j, (float) Memory.integer(sums, i * strideSums + j) * both);
      }
    }
  }
}
