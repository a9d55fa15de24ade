package xyz.openledger.models.decoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.Gguf;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.models.files.TensorFile;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/** Finds the weights that a shape asks for, each of exactly the size that it asks for. */
public final class WeightsReader {
  private static final int CHUNK_BYTES = 1 << 20;

  private final ModelConfig config;
  private final TensorFile file;
  private final WeightNames names;
  private final boolean permuted;
  private final StrictKernels kernels;
  private final Arena arena;
  private final boolean finite;
  private final MessageDigest sha256 = Digest.sha256();

  private WeightsReader(
      ModelConfig config, TensorFile file, StrictKernels kernels, Arena arena, boolean finite) {
    this.config = config;
    this.file = file;
    this.names = file instanceof Gguf ? WeightNames.GGUF : WeightNames.HUGGING_FACE;
    // Converters to GGUF reorder queries and keys of llama, and of no other family.
    this.permuted = file instanceof Gguf && config.family().equals("llama");
    this.kernels = kernels;
    this.arena = arena;
    this.finite = finite;
  }

  /**
   * Reads all weights.
   *
   * @param arena what they live in; the file must live as long
   * @param finite whether to look at every number and refuse those that are none
   */
  public static Weights read(
      ModelConfig config, TensorFile file, StrictKernels kernels, Arena arena, boolean finite) {
    return new WeightsReader(config, file, kernels, arena, finite).read();
  }

  private Weights read() {
    sha256.update(("openledger-model-1\n" + config + "\n").getBytes(StandardCharsets.UTF_8));
    Matrix embedding = matrix(names.embedding(), config.vocabularySize(), config.hiddenSize(), 0);
    var layers = new ArrayList<Layer>();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(layer(layer));
    }
    MemorySegment finalNorm = vector(names.finalNorm(), config.hiddenSize(), 0);
    Matrix head =
        config.tiedEmbeddings()
            ? embedding
            : matrix(names.head(), config.vocabularySize(), config.hiddenSize(), 0);
    MemorySegment frequencies = arena.allocateFrom(ValueLayout.JAVA_FLOAT, Frequencies.of(config));
    return new Weights(
        config, embedding, layers, finalNorm, head, frequencies, Digest.wrap(sha256.digest()));
  }

  private Layer layer(int layer) {
    var matrices = new ArrayList<Matrix>();
    for (Projection projection : Projection.values()) {
      matrices.add(
          matrix(
              names.matrix(layer, projection, "weight"),
              projection.outputs(config),
              projection.inputs(config),
              permutedHeads(projection)));
    }
    return new Layer(
        vector(names.norm(layer, WeightNames.Norm.ATTENTION), config.hiddenSize(), 0),
        vector(names.norm(layer, WeightNames.Norm.FEED_FORWARD), config.hiddenSize(), 0),
        matrices,
        config.attentionBias() ? biases(layer) : List.of(),
        headNorm(layer, WeightNames.Norm.QUERY),
        headNorm(layer, WeightNames.Norm.KEY));
  }

  private List<MemorySegment> biases(int layer) {
    if (file.find(names.matrix(layer, Projection.OUTPUT, "bias")) != null) {
      throw Refused.because(
          names.matrix(layer, Projection.OUTPUT, "bias"), "a bias of the output is not served");
    }
    return List.of(
        bias(layer, Projection.QUERY), bias(layer, Projection.KEY), bias(layer, Projection.VALUE));
  }

  private MemorySegment bias(int layer, Projection projection) {
    return vector(
        names.matrix(layer, projection, "bias"),
        projection.outputs(config),
        permutedHeads(projection));
  }

  private @Nullable MemorySegment headNorm(int layer, WeightNames.Norm norm) {
    return config.queryKeyNorm() ? vector(names.norm(layer, norm), config.headSize(), 0) : null;
  }

  private int permutedHeads(Projection projection) {
    return switch (projection) {
      case QUERY -> permuted ? config.heads() : 0;
      case KEY -> permuted ? config.keyValueHeads() : 0;
      default -> 0;
    };
  }

  private Matrix matrix(String name, int outputs, int inputs, int heads) {
    Tensor tensor = tensor(name, outputs, inputs);
    Tensor ordered = heads == 0 ? tensor : reordered(tensor, heads);
    note(ordered);
    return Matrix.of(ordered, outputs, inputs, kernels, arena);
  }

  private MemorySegment vector(String name, int length, int heads) {
    Tensor tensor = tensor(name, length);
    Tensor ordered = heads == 0 ? tensor : reordered(tensor, heads);
    // Converters widen norms; what they say is the same, and so is the digest.
    MemorySegment floats = Matrix.floats(ordered, arena);
    sha256.update(floats.asByteBuffer());
    return floats;
  }

  private Tensor tensor(String name, long... shape) {
    Tensor tensor = file.find(name);
    if (tensor == null) {
      throw Refused.because(name, "is missing");
    }
    Matrix.requireShape(tensor, shape);
    if (finite) {
      tensor.requireFinite();
    }
    return tensor;
  }

  /** Pairs that stand side by side go back to halves: row 2i + j of a head to row j·half + i. */
  private Tensor reordered(Tensor tensor, int heads) {
    long rows = tensor.shape().getFirst();
    long rowBytes = tensor.data().byteSize() / rows;
    long headSize = rows / heads;
    MemorySegment copy = arena.allocate(tensor.data().byteSize(), Matrix.ALIGNMENT);
    for (long row = 0; row < rows; row++) {
      long within = row % headSize;
      long to = row - within + within % 2 * (headSize / 2) + within / 2;
      MemorySegment.copy(tensor.data(), row * rowBytes, copy, to * rowBytes, rowBytes);
    }
    return new Tensor(tensor.name(), tensor.type(), tensor.shape(), tensor.offset(), copy);
  }

  private void note(Tensor tensor) {
    sha256.update((tensor.type() + " " + tensor.shape() + "\n").getBytes(StandardCharsets.UTF_8));
    MemorySegment data = tensor.data();
    for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
      ByteBuffer chunk =
          data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at)).asByteBuffer();
      sha256.update(chunk);
    }
  }
}
