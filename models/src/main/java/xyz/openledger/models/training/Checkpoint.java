package xyz.openledger.models.training;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Safetensors;
import xyz.openledger.models.files.TensorFile;
import xyz.openledger.protocol.Digest;

/**
 * A training, stopped after a step: a file of safetensors with weights, both moments, the step and
 * what the training is. Its name holds the digest of its bytes, and equal states are equal bytes.
 */
public record Checkpoint(Path file, int step, Digest digest) {
  private static final Pattern NAME =
      Pattern.compile("checkpoint-(\\d{8})-([0-9a-f]{64})\\.safetensors");
  private static final int LISTED_MAX = 100_000;
  private static final String LOSSES = "losses";
  private static final String HELD_BACK = "held-back";

  /** Writes one into a folder. */
  public static Checkpoint write(Path folder, TrainingJob job, TrainingState state)
      throws IOException {
    return write(folder, job, state, OptionalDouble.empty());
  }

  /**
   * Writes one into a folder.
   *
   * @param heldBack the loss on the samples that are held back, where some are
   */
  static Checkpoint write(
      Path folder, TrainingJob job, TrainingState state, OptionalDouble heldBack)
      throws IOException {
    Files.createDirectories(folder);
    var remarks = new TreeMap<>(job.remarks());
    remarks.put("step", Integer.toString(state.step()));
    remarks.put(LOSSES, state.losses().stream().map(loss -> loss.toString()).collect(joining(" ")));
    heldBack.ifPresent(loss -> remarks.put(HELD_BACK, Float.toString((float) loss)));
    Path unnamed = folder.resolve("checkpoint.unnamed");
    Digest digest =
        new TensorWriter(false)
            .add("weights.", state.weights())
            .add("moments1.", state.moments1())
            .add("moments2.", state.moments2())
            .write(unnamed, remarks);
    String hex = digest.hex();
    Path named = folder.resolve("checkpoint-%08d-%s.safetensors".formatted(state.step(), hex));
    Files.move(
        unnamed,
        named,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return new Checkpoint(named, state.step(), digest);
  }

  /** The one of a folder that got furthest. */
  public static Optional<Checkpoint> latest(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .limit(LISTED_MAX)
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .map(Checkpoint::named)
          .max(Comparator.comparingInt(Checkpoint::step).thenComparing(Checkpoint::digest));
    }
  }

  /** The one in a file, by its name. */
  public static Checkpoint named(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    if (!matcher.matches()) {
      throw Refused.because(
          file.getFileName().toString(),
          "is no checkpoint; they are named checkpoint-STEP-DIGEST.safetensors");
    }
    return new Checkpoint(
        file, Integer.parseInt(matcher.group(1)), Digest.parse("sha256:" + matcher.group(2)));
  }

  /** The one with a digest, in a file of any name: a blob. */
  static Checkpoint of(Path file, Digest digest) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refused.because(file.toString(), "does not exist");
    }
    try (Arena mapped = Arena.ofConfined()) {
      String step = Safetensors.read(file, mapped).remarks().getOrDefault("step", "");
      if (!step.matches("\\d{1,8}")) {
        throw Refused.because("step", "is missing in the checkpoint");
      }
      return new Checkpoint(file, Integer.parseInt(step), digest);
    }
  }

  /**
   * Reads it.
   *
   * @throws xyz.openledger.protocol.ProblemException if its bytes are not those of its name, or if
   *     it is of another training
   */
  public TrainingState read(TrainingJob job, Layout layout, Arena arena) throws IOException {
    try (Arena mapped = Arena.ofConfined()) {
      if (!Files.isRegularFile(file)) {
        throw Refused.because(file.toString(), "does not exist");
      }
      MemorySegment bytes = TensorFile.map(file, mapped);
      var sha256 = Digest.sha256();
      sha256.update(bytes.asByteBuffer());
      if (!Digest.wrap(sha256.digest()).equals(digest)) {
        throw Refused.because(
            file.getFileName().toString(), "does not hold what its name says: it was changed");
      }
      Safetensors read = Safetensors.read(file, mapped);
      job.requireSame(read.remarks());
      if (!Integer.toString(step).equals(read.remarks().get("step"))) {
        throw Refused.because("step", "is another in the file than in its name");
      }
      return new TrainingState(
          step,
          Parameters.read(layout, read, "weights.", arena),
          Parameters.read(layout, read, "moments1.", arena),
          Parameters.read(layout, read, "moments2.", arena),
          losses(read.remarks()));
    }
  }

  /** How a training went until a checkpoint, as that says itself. */
  public record Curve(int step, List<Float> losses, Optional<Float> heldBack) {
    /** Copies the losses. */
    public Curve {
      losses = List.copyOf(losses);
    }
  }

  /** Reads the header of a checkpoint's bytes. */
  public static Curve curve(byte[] checkpoint) {
    Map<String, String> remarks = Safetensors.read(MemorySegment.ofArray(checkpoint)).remarks();
    String step = remarks.getOrDefault("step", "");
    if (!step.matches("\\d{1,8}")) {
      throw Refused.because("step", "is missing in the checkpoint");
    }
    String heldBack = remarks.get(HELD_BACK);
    return new Curve(
        Integer.parseInt(step),
        losses(remarks),
        heldBack == null ? Optional.empty() : Optional.of(loss(heldBack)));
  }

  private static List<Float> losses(Map<String, String> remarks) {
    String text = remarks.getOrDefault(LOSSES, "");
    if (text.isEmpty()) {
      return List.of();
    }
    String[] words = text.split(" ", TrainingState.LOSSES_MAX + 1);
    if (words.length > TrainingState.LOSSES_MAX) {
      throw Refused.because(LOSSES, "are more than " + TrainingState.LOSSES_MAX);
    }
    return java.util.Arrays.stream(words).map(Checkpoint::loss).toList();
  }

  private static Float loss(String word) {
    try {
      return Float.valueOf(word);
    } catch (NumberFormatException wrong) {
      throw Refused.because(LOSSES, "are no numbers");
    }
  }
}
