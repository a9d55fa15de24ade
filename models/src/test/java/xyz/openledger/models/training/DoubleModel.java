package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;

/**
 * The same model written plainly in double, by another hand's order: what gradients are held to.
 */
final class DoubleModel {
  private final ModelConfig config;
  private final Map<String, double[]> weights = new HashMap<>();
  private final AdapterShape shape;

  DoubleModel(Weights from) {
    config = from.config();
    shape = from.adapter().map(Weights.Adapter::shape).orElse(null);
    read(from.model());
    from.adapter().ifPresent(adapter -> read(adapter.parameters()));
  }

  private void read(Parameters parameters) {
    for (Layout.Parameter parameter : parameters.layout().parameters()) {
      MemorySegment memory = parameters.of(parameter);
      var values = new double[(int) parameter.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = memory.getAtIndex(JAVA_FLOAT, i);
      }
      weights.put(parameter.name(), values);
    }
  }

  double[] weight(String name) {
    return weights.get(name);
  }

  double loss(List<Sample> samples) {
    double loss = 0;
    int counted = 0;
    for (Sample sample : samples) {
      double[][] logits = logits(sample.tokens());
      for (int i = 0; i < logits.length; i++) {
        if (sample.targets()[i] >= 0) {
          double sum = 0;
          for (double logit : logits[i]) {
            sum += Math.exp(logit);
          }
          loss += Math.log(sum) - logits[i][sample.targets()[i]];
          counted++;
        }
      }
    }
    return loss / counted;
  }

  double[][] logits(int[] tokens) {
    var x = new double[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      x[i] = new double[config.hiddenSize()];
      System.arraycopy(
          weight("model.embed_tokens.weight"),
          tokens[i] * config.hiddenSize(),
          x[i],
          0,
          config.hiddenSize());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      double[][] normed = norm(x, "model.layers." + layer + ".input_layernorm.weight");
      double[][] attended = attend(layer, normed);
      x = plus(x, multiply(layer, Projection.OUTPUT, attended));
      normed = norm(x, "model.layers." + layer + ".post_attention_layernorm.weight");
      double[][] gate = multiply(layer, Projection.GATE, normed);
      double[][] up = multiply(layer, Projection.UP, normed);
      for (int i = 0; i < gate.length; i++) {
        for (int j = 0; j < gate[i].length; j++) {
          gate[i][j] = gate[i][j] / (1 + Math.exp(-gate[i][j])) * up[i][j];
        }
      }
      x = plus(x, multiply(layer, Projection.DOWN, gate));
    }
    String head = config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
    return times(norm(x, "model.norm.weight"), weight(head), config.vocabularySize());
  }

  private double[][] attend(int layer, double[][] normed) {
    double[][] queries = turned(heads(layer, "q", multiply(layer, Projection.QUERY, normed)));
    double[][] keys = turned(heads(layer, "k", multiply(layer, Projection.KEY, normed)));
    double[][] values = multiply(layer, Projection.VALUE, normed);
    int size = config.headSize();
    int window = config.slidingWindow() == 0 ? normed.length : config.slidingWindow();
    var out = new double[normed.length][config.queryWidth()];
    for (int head = 0; head < config.heads(); head++) {
      int keyHead = head / (config.heads() / config.keyValueHeads());
      for (int i = 0; i < normed.length; i++) {
        int first = Math.max(0, i - window + 1);
        var weight = new double[i + 1];
        double sum = 0;
        for (int j = first; j <= i; j++) {
          double dot = 0;
          for (int d = 0; d < size; d++) {
            dot += queries[i][head * size + d] * keys[j][keyHead * size + d];
          }
          weight[j] = Math.exp(dot / Math.sqrt(size));
          sum += weight[j];
        }
        for (int j = first; j <= i; j++) {
          for (int d = 0; d < size; d++) {
            out[i][head * size + d] += weight[j] / sum * values[j][keyHead * size + d];
          }
        }
      }
    }
    return out;
  }

  private double[][] heads(int layer, String which, double[][] x) {
    String name = "model.layers." + layer + ".self_attn." + which + "_norm.weight";
    if (!weights.containsKey(name)) {
      return x;
    }
    int size = config.headSize();
    for (double[] row : x) {
      for (int at = 0; at < row.length; at += size) {
        double[][] normed = norm(new double[][] {Arrays.copyOfRange(row, at, at + size)}, name);
        System.arraycopy(normed[0], 0, row, at, size);
      }
    }
    return x;
  }

  /** How far a pair turns a position, stretched as Llama 3.1 says. */
  private double frequency(int pair, int half) {
    double plain = Math.pow(config.ropeTheta(), -(double) pair / half);
    if (config.ropeScaling().isEmpty()) {
      return plain;
    }
    ModelConfig.RopeScaling scaling = config.ropeScaling().get();
    double turns = scaling.contextBefore() * plain / (2 * Math.PI);
    double kept =
        (turns - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    double share = Math.clamp(kept, 0, 1);
    return plain * (share + (1 - share) / scaling.factor());
  }

  private double[][] turned(double[][] x) {
    int half = config.headSize() / 2;
    for (int i = 0; i < x.length; i++) {
      for (int at = 0; at < x[i].length; at += 2 * half) {
        for (int d = 0; d < half; d++) {
          double angle = i * frequency(d, half);
          double a = x[i][at + d];
          double b = x[i][at + d + half];
          x[i][at + d] = a * Math.cos(angle) - b * Math.sin(angle);
          x[i][at + d + half] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
    return x;
  }

  private double[][] multiply(int layer, Projection projection, double[][] x) {
    String name = "model.layers." + layer + "." + projection.module() + ".weight";
    double[][] y = times(x, weight(name), projection.outputs(config));
    double[] bias = weight("model.layers." + layer + "." + projection.module() + ".bias");
    for (int i = 0; bias != null && i < y.length; i++) {
      for (int j = 0; j < bias.length; j++) {
        y[i][j] += bias[j];
      }
    }
    if (shape == null || !shape.targets().contains(projection)) {
      return y;
    }
    double[][] low = times(x, weight(Layout.nameA(layer, projection)), shape.rank());
    double[][] more =
        times(low, weight(Layout.nameB(layer, projection)), projection.outputs(config));
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < y[i].length; j++) {
        y[i][j] += more[i][j] * shape.alpha() / shape.rank();
      }
    }
    return y;
  }

  private static double[][] times(double[][] x, double[] w, int outputs) {
    var y = new double[x.length][outputs];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < outputs; o++) {
        for (int k = 0; k < x[i].length; k++) {
          y[i][o] += x[i][k] * w[o * x[i].length + k];
        }
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) {
    var y = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      double squares = 0;
      for (double value : x[i]) {
        squares += value * value;
      }
      double root = Math.sqrt(squares / x[i].length + config.normEpsilon());
      for (int j = 0; j < x[i].length; j++) {
        y[i][j] = x[i][j] / root * weight(name)[j];
      }
    }
    return y;
  }

  private static double[][] plus(double[][] x, double[][] y) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].length; j++) {
        y[i][j] += x[i][j];
      }
    }
    return y;
  }
}
