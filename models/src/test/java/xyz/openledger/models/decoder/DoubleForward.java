package xyz.openledger.models.decoder;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.files.TensorFiles.Weights;

/**
 * The same model written down a second time, in double and without any of the decoder's parts: one
 * whole sequence at a time, no pages, no packing.
 */
final class DoubleForward {
  private final TinyModel model;
  private final Map<String, Weights> weights;
  private final @Nullable Map<String, Weights> adapter;
  private final double adapterScale;

  DoubleForward(TinyModel model) {
    this(model, null, 0);
  }

  DoubleForward(TinyModel model, @Nullable Map<String, Weights> adapter, double adapterScale) {
    this.model = model;
    this.weights = model.weights();
    this.adapter = adapter;
    this.adapterScale = adapterScale;
  }

  /** Logits behind every token. */
  double[][] logits(int[] tokens) {
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row("model.embed_tokens.weight", tokens[t], model.hidden());
    }
    for (int layer = 0; layer < model.layers(); layer++) {
      layer(x, "model.layers." + layer + ".");
    }
    double[][] logits = new double[tokens.length][];
    String head = model.tied() ? "model.embed_tokens.weight" : "lm_head.weight";
    for (int t = 0; t < tokens.length; t++) {
      double[] normed = normed(x[t], "model.norm.weight");
      logits[t] = times(weights.get(head), normed);
    }
    return logits;
  }

  private void layer(double[][] x, String name) {
    int length = x.length;
    double[][] q = new double[length][];
    double[][] k = new double[length][];
    double[][] v = new double[length][];
    for (int t = 0; t < length; t++) {
      double[] normed = normed(x[t], name + "input_layernorm.weight");
      q[t] = project(normed, name + "self_attn.q_proj");
      k[t] = project(normed, name + "self_attn.k_proj");
      v[t] = project(normed, name + "self_attn.v_proj");
      heads(q[t], t, model.headNorms() ? name + "self_attn.q_norm.weight" : null);
      heads(k[t], t, model.headNorms() ? name + "self_attn.k_norm.weight" : null);
    }
    for (int t = 0; t < length; t++) {
      add(x[t], project(attend(q[t], k, v, t), name + "self_attn.o_proj"));
    }
    for (int t = 0; t < length; t++) {
      double[] normed = normed(x[t], name + "post_attention_layernorm.weight");
      double[] gate = project(normed, name + "mlp.gate_proj");
      double[] up = project(normed, name + "mlp.up_proj");
      for (int i = 0; i < gate.length; i++) {
        gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
      }
      add(x[t], project(gate, name + "mlp.down_proj"));
    }
  }

  private double[] attend(double[] q, double[][] k, double[][] v, int last) {
    int size = model.headSize();
    double[] out = new double[q.length];
    int first = model.window() == 0 ? 0 : Math.max(0, last - model.window() + 1);
    for (int head = 0; head < model.heads(); head++) {
      int shared = head / (model.heads() / model.keyValueHeads()) * size;
      double[] scores = new double[last + 1];
      double sum = 0;
      for (int t = first; t <= last; t++) {
        double dot = 0;
        for (int i = 0; i < size; i++) {
          dot += q[head * size + i] * k[t][shared + i];
        }
        scores[t] = Math.exp(dot / Math.sqrt(size));
        sum += scores[t];
      }
      for (int t = first; t <= last; t++) {
        for (int i = 0; i < size; i++) {
          out[head * size + i] += scores[t] / sum * v[t][shared + i];
        }
      }
    }
    return out;
  }

  private void heads(double[] x, int position, @Nullable String norm) {
    int size = model.headSize();
    for (int head = 0; head < x.length / size; head++) {
      double[] one = java.util.Arrays.copyOfRange(x, head * size, (head + 1) * size);
      one = norm == null ? one : normed(one, norm);
      for (int i = 0; i < size / 2; i++) {
        double angle = position * Math.pow(10_000, -2.0 * i / size);
        double a = one[i];
        double b = one[i + size / 2];
        x[head * size + i] = a * Math.cos(angle) - b * Math.sin(angle);
        x[head * size + i + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
  }

  private double[] project(double[] x, String name) {
    double[] y = times(weights.get(name + ".weight"), x);
    Weights bias = weights.get(name + ".bias");
    for (int i = 0; bias != null && i < y.length; i++) {
      y[i] += bias.values()[i];
    }
    if (adapter != null && adapter.containsKey(name + ".lora_A.weight")) {
      double[] down = times(adapter.get(name + ".lora_A.weight"), x);
      double[] up = times(adapter.get(name + ".lora_B.weight"), down);
      for (int i = 0; i < y.length; i++) {
        y[i] += adapterScale * up[i];
      }
    }
    return y;
  }

  private static double[] times(Weights matrix, double[] x) {
    double[] y = new double[matrix.shape().getFirst().intValue()];
    for (int row = 0; row < y.length; row++) {
      for (int i = 0; i < x.length; i++) {
        y[row] += x[i] * matrix.values()[row * x.length + i];
      }
    }
    return y;
  }

  private double[] normed(double[] x, String name) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    double root = Math.sqrt(sum / x.length + 1e-5);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / root * weights.get(name).values()[i];
    }
    return y;
  }

  private double[] row(String name, int index, int length) {
    double[] row = new double[length];
    for (int i = 0; i < length; i++) {
      row[i] = weights.get(name).values()[index * length + i];
    }
    return row;
  }

  private static void add(double[] to, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += what[i];
    }
  }
}
