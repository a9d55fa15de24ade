package xyz.openledger.models.adapters;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Safetensors;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.WeightType;
import xyz.openledger.protocol.Digest;

/**
 * A LoRA adapter in the layout of PEFT, checked against the model that it is for.
 *
 * @param matricesA by layer and projection; null where it leaves the model alone
 * @param matricesB beside each A
 */
record AdapterFiles(
    AdapterConfig config, @Nullable Tensor[] matricesA, @Nullable Tensor[] matricesB) {
  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";

  private static final Pattern NAME =
      Pattern.compile(
          "(?:base_model\\.model\\.)?(?:model\\.)?layers\\.(\\d{1,4})\\.(?:self_attn|mlp)"
              + "\\.(\\w{1,16})\\.lora_(A|B)(?:\\.default)?\\.weight");

  /** Maps an adapter's weights; they live as long as the arena. */
  static AdapterFiles read(Path folder, ModelConfig model, Arena arena, boolean finite)
      throws IOException {
    if (!Files.isRegularFile(folder.resolve(CONFIG))
        || !Files.isRegularFile(folder.resolve(WEIGHTS))) {
      throw Refused.because(folder.toString(), "does not hold " + CONFIG + " and " + WEIGHTS);
    }
    AdapterConfig config = AdapterConfig.read(folder.resolve(CONFIG));
    int places = model.layers() * Projection.COUNT;
    var files = new AdapterFiles(config, new Tensor[places], new Tensor[places]);
    for (Tensor tensor : Safetensors.read(folder.resolve(WEIGHTS), arena).tensors().values()) {
      files.take(tensor, model);
      if (finite) {
        tensor.requireFinite();
      }
    }
    files.requirePairs();
    return files;
  }

  /** The name of an adapter: the digest of its two files. */
  static Digest digest(Path folder) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    sha256.update("openledger-adapter-1\n".getBytes(StandardCharsets.UTF_8));
    for (String file : List.of(CONFIG, WEIGHTS)) {
      sha256.update(
          (file + " " + Files.size(folder.resolve(file)) + "\n").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(folder.resolve(file))) {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          sha256.update(buffer, 0, n);
        }
      }
    }
    return Digest.wrap(sha256.digest());
  }

  private void take(Tensor tensor, ModelConfig model) {
    Matcher name = NAME.matcher(tensor.name());
    Projection projection = name.matches() ? Projection.ofTarget(name.group(2)).orElse(null) : null;
    if (projection == null) {
      throw Refused.at(
          tensor.name(),
          tensor.offset(),
          "changes a part of the model that adapters cannot change here");
    }
    int layer = Integer.parseInt(name.group(1));
    if (layer >= model.layers()) {
      throw Refused.at(
          tensor.name(),
          tensor.offset(),
          "is for layer %d; the base has %d: it was made for another base"
              .formatted(layer, model.layers()));
    }
    boolean first = name.group(3).equals("A");
    List<Long> wanted =
        first
            ? List.of((long) config.rank(), (long) projection.inputs(model))
            : List.of((long) projection.outputs(model), (long) config.rank());
    if (!tensor.shape().equals(wanted)) {
      int rankAt = first ? 0 : 1;
      boolean rank =
          tensor.shape().size() == 2
              && tensor.shape().get(1 - rankAt).equals(wanted.get(1 - rankAt));
      throw Refused.at(
          tensor.name(),
          tensor.offset(),
          "has the shape %s instead of %s: %s"
              .formatted(
                  tensor.shape(),
                  wanted,
                  rank ? "its rank is not the one it states" : "it was made for another base"));
    }
    if (!tensor.type().servable()) {
      throw Refused.at(tensor.name(), tensor.offset(), "is of " + tensor.type());
    }
    var matrices = first ? matricesA : matricesB;
    int place = layer * Projection.COUNT + projection.place();
    if (matrices[place] != null) {
      throw Refused.at(tensor.name(), tensor.offset(), "stands there twice");
    }
    matrices[place] = tensor;
  }

  private void requirePairs() {
    boolean any = false;
    for (int i = 0; i < matricesA.length; i++) {
      Tensor a = matricesA[i];
      Tensor b = matricesB[i];
      any |= a != null;
      if (a != null && b == null) {
        throw Refused.because(a.name(), "has no partner");
      }
      if (b != null && a == null) {
        throw Refused.because(b.name(), "has no partner");
      }
    }
    if (!any) {
      throw Refused.because(WEIGHTS, "changes nothing");
    }
  }

  /**
   * What its matrices are kept as: bf16 where that holds every number of the adapter exactly, so
   * that answers have the bits that fp32 would give; else fp32.
   */
  WeightType weightType() {
    boolean exact =
        Stream.of(matricesA, matricesB)
            .flatMap(Arrays::stream)
            .allMatch(tensor -> tensor == null || fitsHalf(tensor));
    return exact ? WeightType.BF16 : WeightType.F32;
  }

  private static boolean fitsHalf(Tensor tensor) {
    if (tensor.type() == TensorType.BF16) {
      return true;
    }
    // Most that were trained in fp32 differ at their first number.
    for (long i = 0; i < tensor.elements(); i++) {
      if ((short) Float.floatToRawIntBits(tensor.at(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** A matrix as bf16, row by row; for those of {@link #weightType} bf16. */
  static MemorySegment halves(Tensor tensor, Arena arena) {
    MemorySegment halves = arena.allocate(tensor.elements() * Short.BYTES, 64);
    for (long i = 0; i < tensor.elements(); i++) {
      int bits = Float.floatToRawIntBits(tensor.at(i));
      halves.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> Short.SIZE));
    }
    return halves;
  }

  /** A matrix as fp32, row by row; as it lies in the file if it is that already. */
  static MemorySegment floats(Tensor tensor, Arena arena) {
    MemorySegment data = tensor.data();
    if (tensor.type() == TensorType.F32 && data.isNative() && data.address() % Float.BYTES == 0) {
      return data;
    }
    MemorySegment floats = arena.allocate(tensor.elements() * Float.BYTES, 64);
    for (long i = 0; i < tensor.elements(); i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, tensor.at(i));
    }
    return floats;
  }
}
