package xyz.openledger.models.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;

/** The same model in PyTorch's operations, in double; its gradients are PyTorch's own. */
final class TorchModel implements AutoCloseable {
  private static final Engine TORCH = Engine.getEngine("PyTorch");

  private final NDManager manager = TORCH.newBaseManager();
  private final ModelConfig config;
  private final Weights from;
  private final Map<String, NDArray> weights = new HashMap<>();

  TorchModel(Weights from) {
    this.from = from;
    config = from.config();
    read(from.model());
    from.adapter().ifPresent(adapter -> read(adapter.parameters()));
    for (Layout.Parameter parameter : from.trained().layout().parameters()) {
      weight(parameter.name()).setRequiresGradient(true);
    }
  }

  private void read(Parameters parameters) {
    for (Layout.Parameter parameter : parameters.layout().parameters()) {
      float[] values = parameters.of(parameter).toArray(ValueLayout.JAVA_FLOAT);
      Shape shape =
          parameter.isVector()
              ? new Shape(values.length)
              : new Shape(parameter.shape().get(0), parameter.shape().get(1));
      weights.put(parameter.name(), manager.create(values, shape).toType(DataType.FLOAT64, false));
    }
  }

  private NDArray weight(String name) {
    return weights.get(name);
  }

  /** The mean loss over all targets; afterwards {@link #gradient} tells what follows from it. */
  double learn(List<Sample> samples) {
    try (var collector = TORCH.newGradientCollector()) {
      NDArray loss = manager.zeros(new Shape(), DataType.FLOAT64);
      int counted = 0;
      for (Sample sample : samples) {
        NDArray said = logits(sample.tokens()).logSoftmax(-1);
        loss = loss.sub(said.mul(wanted(sample)).sum());
        counted += sample.counted();
      }
      NDArray mean = loss.div(counted);
      collector.backward(mean);
      return mean.getDouble();
    }
  }

  double[] gradient(String name) {
    return weight(name).getGradient().toDoubleArray();
  }

  private NDArray wanted(Sample sample) {
    int vocabulary = config.vocabularySize();
    var wanted = new double[sample.targets().length * vocabulary];
    for (int i = 0; i < sample.targets().length; i++) {
      if (sample.targets()[i] >= 0) {
        wanted[i * vocabulary + sample.targets()[i]] = 1;
      }
    }
    return manager.create(wanted, new Shape(sample.targets().length, vocabulary));
  }

  private NDArray logits(int[] tokens) {
    NDArray embedding = weight("model.embed_tokens.weight");
    NDArray x =
        manager
            .create(tokens)
            .oneHot(config.vocabularySize())
            .toType(DataType.FLOAT64, false)
            .matMul(embedding);
    for (int layer = 0; layer < config.layers(); layer++) {
      NDArray normed = norm(x, "model.layers." + layer + ".input_layernorm.weight");
      x = x.add(linear(layer, Projection.OUTPUT, attend(layer, normed)));
      normed = norm(x, "model.layers." + layer + ".post_attention_layernorm.weight");
      NDArray gate = linear(layer, Projection.GATE, normed);
      NDArray up = linear(layer, Projection.UP, normed);
      x = x.add(linear(layer, Projection.DOWN, gate.mul(Activation.sigmoid(gate)).mul(up)));
    }
    return norm(x, "model.norm.weight").matMul(weight(from.head()).transpose());
  }

  private NDArray attend(int layer, NDArray normed) {
    long length = normed.getShape().get(0);
    NDArray queries = turned(heads(layer, "q", Projection.QUERY, config.heads(), normed));
    NDArray keys = turned(heads(layer, "k", Projection.KEY, config.keyValueHeads(), normed));
    NDArray values =
        linear(layer, Projection.VALUE, normed)
            .reshape(length, config.keyValueHeads(), config.headSize());
    int sharing = config.heads() / config.keyValueHeads();
    NDArray scores =
        queries
            .transpose(1, 0, 2)
            .matMul(keys.repeat(1, sharing).transpose(1, 2, 0))
            .div(Math.sqrt(config.headSize()))
            .add(mask((int) length));
    return scores
        .softmax(-1)
        .matMul(values.repeat(1, sharing).transpose(1, 0, 2))
        .transpose(1, 0, 2)
        .reshape(length, config.queryWidth());
  }

  private NDArray heads(int layer, String which, Projection projection, int heads, NDArray normed) {
    NDArray all =
        linear(layer, projection, normed)
            .reshape(normed.getShape().get(0), heads, config.headSize());
    String name = "model.layers." + layer + ".self_attn." + which + "_norm.weight";
    return weights.containsKey(name) ? norm(all, name) : all;
  }

  private NDArray mask(int length) {
    var mask = new double[length * length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        boolean seen = j <= i && (config.slidingWindow() == 0 || j > i - config.slidingWindow());
        mask[i * length + j] = seen ? 0 : Double.NEGATIVE_INFINITY;
      }
    }
    return manager.create(mask, new Shape(length, length));
  }

  private NDArray turned(NDArray x) {
    int length = (int) x.getShape().get(0);
    int half = config.headSize() / 2;
    var angles = new double[length * half];
    for (int i = 0; i < length; i++) {
      for (int d = 0; d < half; d++) {
        angles[i * half + d] = i * Math.pow(config.ropeTheta(), -(double) d / half);
      }
    }
    NDArray turns = manager.create(angles, new Shape(length, 1, half));
    NDList pair = x.split(2, 2);
    NDArray cos = turns.cos();
    NDArray sin = turns.sin();
    NDArray first = pair.get(0).mul(cos).sub(pair.get(1).mul(sin));
    NDArray second = pair.get(1).mul(cos).add(pair.get(0).mul(sin));
    return NDArrays.concat(new NDList(first, second), 2);
  }

  private NDArray linear(int layer, Projection projection, NDArray x) {
    String name = "model.layers." + layer + "." + projection.module();
    NDArray y = x.matMul(weight(name + ".weight").transpose());
    if (weights.containsKey(name + ".bias")) {
      y = y.add(weight(name + ".bias"));
    }
    if (!weights.containsKey(Layout.nameA(layer, projection))) {
      return y;
    }
    AdapterShape shape = from.adapter().orElseThrow().shape();
    return y.add(
        x.matMul(weight(Layout.nameA(layer, projection)).transpose())
            .matMul(weight(Layout.nameB(layer, projection)).transpose())
            .mul((double) shape.alpha() / shape.rank()));
  }

  private NDArray norm(NDArray x, String name) {
    NDArray mean = x.mul(x).mean(new int[] {-1}, true);
    return x.div(mean.add(config.normEpsilon()).sqrt()).mul(weight(name));
  }

  @Override
  public void close() {
    manager.close();
  }
}
