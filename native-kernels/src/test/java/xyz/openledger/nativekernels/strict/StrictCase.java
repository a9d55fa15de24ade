package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One drawn question of each kernel; the same seed asks the same. Answers what was written. */
enum StrictCase {
  LINEAR {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var p = new Product(drawn);
      MemorySegment w = drawn.weights(p.type, p.outputs * p.strideW);
      kernels.linear(
          p.rows, p.outputs, p.inputs, p.x, p.strideX, p.type, w, p.strideW, p.y, p.strideY,
          p.more);
      return List.of(p.y);
    }
  },
  LINEAR_PACKED {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var p = new Product(drawn);
      MemorySegment w = drawn.weights(p.type, p.outputs * p.strideW);
      MemorySegment packed = pack(kernels, p.outputs, p.inputs, p.type, w, p.strideW);
      kernels.linearPacked(
          p.rows, p.outputs, p.inputs, p.x, p.strideX, p.type, packed, p.y, p.strideY, p.more);
      return List.of(p.y, packed);
    }
  },
  LINEAR_INPUT_GRADIENT {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var p = new Product(drawn);
      MemorySegment w = drawn.weights(p.type, p.outputs * p.strideW);
      kernels.linearInputGradient(
          p.rows, p.outputs, p.inputs, p.y, p.strideY, p.type, w, p.strideW, p.x, p.strideX,
          p.more);
      return List.of(p.x);
    }
  },
  LINEAR_WEIGHT_GRADIENT {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var p = new Product(drawn);
      MemorySegment dw = drawn.numbers(p.outputs * p.strideW);
      kernels.linearWeightGradient(
          p.rows, p.outputs, p.inputs, p.y, p.strideY, p.x, p.strideX, dw, p.strideW, p.more);
      return List.of(dw);
    }
  },
  LORA {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int inputs = drawn.between(1, 300);
      int outputs = drawn.between(1, 200);
      var type = WeightType.values()[drawn.between(0, 1)];
      int segments = drawn.between(0, 12);
      var starts = new int[segments + 1];
      var ranks = new int[segments];
      var scales = new float[segments];
      MemorySegment slab = drawn.weights(type, 200_000);
      MemorySegment offsetsA = Arena.ofAuto().allocate(8L * segments + 8, 8);
      MemorySegment offsetsB = Arena.ofAuto().allocate(8L * segments + 8, 8);
      starts[0] = drawn.between(0, 2);
      for (int s = 0; s < segments; s++) {
        starts[s + 1] = starts[s] + drawn.between(0, drawn.between(0, 4) == 0 ? 20 : 2);
        ranks[s] = drawn.between(0, drawn.between(0, 5) == 0 ? 300 : 40);
        scales[s] = drawn.number();
        offsetsA.setAtIndex(JAVA_LONG, s, 4L * drawn.between(0, 1000));
        offsetsB.setAtIndex(JAVA_LONG, s, 4L * drawn.between(0, 1000));
      }
      int rows = starts[segments];
      MemorySegment x = drawn.numbers((long) rows * inputs);
      MemorySegment y = drawn.numbers((long) rows * outputs);
      kernels.lora(
          segments,
          Drawn.integers(starts),
          Drawn.integers(ranks),
          Drawn.of(scales),
          offsetsA,
          offsetsB,
          type,
          slab,
          inputs,
          outputs,
          x,
          inputs,
          y,
          outputs);
      return List.of(y);
    }
  },
  INT8 {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int rows = drawn.between(0, 9);
      int outputs = drawn.between(1, 70);
      int inputs = drawn.between(1, 300);
      MemorySegment x = drawn.numbers((long) rows * inputs);
      MemorySegment q = drawn.bytes((long) rows * inputs);
      MemorySegment scales = Drawn.empty(rows);
      kernels.quantize(rows, inputs, x, inputs, q, inputs, scales);
      MemorySegment w = drawn.bytes((long) outputs * inputs);
      MemorySegment sums = Drawn.empty((long) rows * outputs);
      kernels.linearInt8(rows, outputs, inputs, q, inputs, w, inputs, sums, outputs);
      MemorySegment y = Drawn.empty((long) rows * outputs);
      kernels.dequantize(rows, outputs, sums, outputs, scales, drawn.numbers(outputs), y, outputs);
      return List.of(scales, y);
    }
  },
  FUNCTIONS {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var answers = new ArrayList<MemorySegment>();
      for (var function : StrictRows.Function.values()) {
        int count = drawn.between(1, 100);
        MemorySegment x = drawn.numbers(count);
        kernels.addScaled(count, drawn.between(0, 50), drawn.numbers(count), x);
        kernels.add(count, drawn.numbers(count), x);
        answers.add(Drawn.copy(x));
        kernels.apply(function, count, x, x);
        answers.add(x);
      }
      return answers;
    }
  },
  ROWS {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int rows = drawn.between(0, 9);
      int columns = drawn.between(1, 130);
      long stride = columns + drawn.between(0, 5);
      MemorySegment x = drawn.numbers(rows * stride);
      MemorySegment up = drawn.numbers(rows * stride);
      MemorySegment normed = Drawn.empty(rows * stride);
      MemorySegment soft = Drawn.empty(rows * stride);
      MemorySegment gated = Drawn.empty(rows * stride);
      kernels.rmsNorm(rows, columns, x, stride, drawn.numbers(columns), 1e-5f, normed, stride);
      kernels.softmax(rows, columns, x, stride, soft, stride);
      kernels.swiGlu(rows, columns, x, stride, up, stride, gated, stride);
      return List.of(normed, soft, gated);
    }
  },
  ROTARY {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int rows = drawn.between(1, 6);
      int heads = drawn.between(1, 4);
      int pairs = drawn.between(1, 40);
      int headSize = 2 * pairs + drawn.between(0, 6);
      long stride = heads * headSize + drawn.between(0, 3);
      int[] positions = drawn.random.ints(rows, 0, 131_072).toArray();
      MemorySegment cosines = Drawn.empty((long) rows * pairs);
      MemorySegment sines = Drawn.empty((long) rows * pairs);
      kernels.rotaryAngles(
          rows, pairs, Drawn.integers(positions), drawn.numbers(pairs), cosines, sines);
      MemorySegment x = drawn.numbers(rows * stride);
      var layout = RotaryLayout.values()[drawn.between(0, 1)];
      boolean back = drawn.between(0, 1) == 1;
      kernels.rotate(rows, heads, headSize, pairs, layout, back, x, stride, cosines, sines);
      return List.of(cosines, sines, x);
    }
  },
  ATTENTION {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      var a = new Paged(drawn);
      a.attend(kernels, 0, a.rows);
      return List.of(a.out);
    }
  },
  GRADIENTS {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int rows = drawn.between(0, 9);
      int columns = drawn.between(1, 130);
      long stride = columns + drawn.between(0, 5);
      MemorySegment x = drawn.numbers(rows * stride);
      MemorySegment dy = drawn.numbers(rows * stride);
      MemorySegment dx = Drawn.empty(rows * stride);
      MemorySegment soft = Drawn.empty(rows * stride);
      MemorySegment gate = Drawn.empty(rows * stride);
      MemorySegment up = Drawn.empty(rows * stride);
      MemorySegment weight = drawn.numbers(columns);
      MemorySegment dWeight = drawn.numbers(columns);
      kernels.rmsNormGradient(
          rows, columns, x, stride, weight, 1e-6f, dy, stride, dx, stride, dWeight);
      kernels.softmaxGradient(rows, columns, x, stride, dy, stride, soft, stride);
      kernels.swiGluGradient(
          rows, columns, x, stride, dx, stride, dy, stride, gate, stride, up, stride);
      return List.of(dx, dWeight, soft, gate, up);
    }
  },
  ATTENTION_GRADIENT {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int keyHeads = drawn.between(1, 3);
      int heads = keyHeads * drawn.between(1, 3);
      int size = drawn.between(1, 40);
      int tokens = drawn.between(0, 40);
      long wide = (long) heads * size + drawn.between(0, 2);
      long narrow = (long) keyHeads * size + drawn.between(0, 2);
      MemorySegment dq = Drawn.empty(tokens * wide);
      MemorySegment dk = Drawn.empty(tokens * narrow);
      MemorySegment dv = Drawn.empty(tokens * narrow);
      kernels.attentionGradient(
          tokens,
          heads,
          keyHeads,
          size,
          drawn.between(1, 50),
          0.3f,
          drawn.numbers(tokens * wide),
          wide,
          drawn.numbers(tokens * narrow),
          narrow,
          drawn.numbers(tokens * narrow),
          narrow,
          drawn.numbers(tokens * wide),
          wide,
          dq,
          wide,
          dk,
          narrow,
          dv,
          narrow);
      return List.of(dq, dk, dv);
    }
  },
  TRAINING {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int rows = drawn.between(1, 6);
      int columns = drawn.between(1, 150);
      int[] targets = drawn.random.ints(rows, -1, columns).toArray();
      MemorySegment logits = drawn.numbers((long) rows * columns);
      MemorySegment losses = Drawn.empty(rows);
      kernels.crossEntropy(
          rows,
          columns,
          logits,
          columns,
          Drawn.integers(targets),
          drawn.number(),
          losses,
          logits,
          columns);
      long count = (long) rows * columns;
      MemorySegment weights = drawn.numbers(count);
      MemorySegment first = drawn.numbers(count);
      MemorySegment second = drawn.numbers(count);
      var step = StrictTraining.AdamW.at(drawn.between(1, 9), 1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f);
      kernels.adamW(step, count, logits, weights, first, second);
      return List.of(losses, logits, weights, first, second);
    }
  },
  TOKENS {
    @Override
    List<MemorySegment> ask(StrictKernels kernels, Drawn drawn) {
      int count = drawn.between(1, 400);
      MemorySegment logits = drawn.numbers(count);
      var tokens = new int[20];
      for (int i = 0; i < tokens.length; i++) {
        float temperature = drawn.between(0, 3) == 0 ? 0 : (float) drawn.random.nextDouble() + 0.1f;
        int topK = drawn.between(0, 1) * drawn.between(0, 50);
        float topP = drawn.between(0, 1) == 0 ? 1 : 0.05f + 0.95f * drawn.random.nextFloat();
        long seed = drawn.random.nextLong();
        tokens[i] = kernels.sample(count, logits, temperature, topK, topP, seed, i);
      }
      byte[] digest = kernels.digest(logits, count);
      MemorySegment held = Arena.ofAuto().allocate(32, 4);
      MemorySegment.copy(MemorySegment.ofArray(digest), 0, held, 0, 32);
      return List.of(Drawn.integers(tokens), held);
    }
  };

  abstract List<MemorySegment> ask(StrictKernels kernels, Drawn drawn);

  static MemorySegment pack(
      StrictKernels kernels,
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment w,
      long strideW) {
    long bytes = StrictProducts.packedWeights(outputs, inputs) * type.bytes();
    MemorySegment packed = Arena.ofAuto().allocate(bytes, 4);
    kernels.pack(outputs, inputs, type, w, strideW, packed);
    return packed;
  }

  /** Sizes that seldom divide by anything, now and then beyond one block. */
  private static final class Product {
    final int rows;
    final int outputs;
    final int inputs;
    final long strideX;
    final long strideW;
    final long strideY;
    final WeightType type;
    final boolean more;
    final MemorySegment x;
    final MemorySegment y;

    Product(Drawn drawn) {
      boolean large = drawn.between(0, 5) == 0;
      rows = drawn.between(0, large ? 40 : 20);
      outputs = drawn.between(1, large ? 700 : 70);
      inputs = drawn.between(1, large ? 600 : 90);
      strideX = inputs + drawn.between(0, 3);
      strideW = inputs + drawn.between(0, 3);
      strideY = outputs + drawn.between(0, 3);
      type = WeightType.values()[drawn.between(0, 1)];
      more = drawn.between(0, 1) == 1;
      x = drawn.numbers(rows * strideX);
      y = drawn.numbers(rows * strideY);
    }
  }
}
