package xyz.openledger.models.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * A piece of a training as a task: which checkpoint follows from which, by digests alone. Whoever
 * runs it anywhere has the same checkpoint, so replicas and later checks compare one digest.
 *
 * @param from the checkpoint to go on from; none for the beginning
 * @param until the last step of it
 * @param holdBack whether every tenth sample is not learnt from, but tells the loss
 */
public record TrainingSegment(TrainingJob job, Optional<Digest> from, int until, boolean holdBack) {
  private static final int TEXT_BYTES_MAX = 1 << 16;
  private static final String HOLD_BACK = "hold-back";

  /** Where the things that digests name are on this machine. */
  public interface Blobs {
    /** The folder of a model. */
    Path model(Digest digest) throws IOException;

    /** A file of samples. */
    Path data(Digest digest) throws IOException;

    /** A checkpoint's file. */
    Path checkpoint(Digest digest) throws IOException;
  }

  /** Refuses a piece that ends outside its training. */
  public TrainingSegment {
    if (until < 1 || until > job.settings().steps()) {
      throw Refused.because(
          "until", "is %d, not between 1 and %d".formatted(until, job.settings().steps()));
    }
  }

  /** A piece of a training on all samples. */
  public TrainingSegment(TrainingJob job, Optional<Digest> from, int until) {
    this(job, from, until, false);
  }

  /**
   * Makes its steps.
   *
   * @param out gets the checkpoint
   */
  public Checkpoint run(StrictKernels kernels, int threads, Blobs blobs, Path out)
      throws IOException {
    return run(kernels, threads, blobs, out, _ -> {});
  }

  /**
   * The same.
   *
   * @param events hears each step; what it throws ends the training
   */
  public Checkpoint run(
      StrictKernels kernels, int threads, Blobs blobs, Path out, Consumer<TrainingEvent> events)
      throws IOException {
    return run(kernels, threads, blobs, out, events, () -> {}, () -> false);
  }

  /**
   * The same, or a part of it.
   *
   * @param check asked between pieces of the work; what it throws ends it
   * @param stop asked after each step whether to stop there; the checkpoint is then of that step,
   *     without a loss on what is held back, and a segment from it to the same end makes the same
   */
  public Checkpoint run(
      StrictKernels kernels,
      int threads,
      Blobs blobs,
      Path out,
      Runnable check,
      BooleanSupplier stop)
      throws IOException {
    return run(kernels, threads, blobs, out, _ -> {}, check, stop);
  }

  private Checkpoint run(
      StrictKernels kernels,
      int threads,
      Blobs blobs,
      Path out,
      Consumer<TrainingEvent> events,
      Runnable check,
      BooleanSupplier stop)
      throws IOException {
    try (var tune =
        new FineTune(
            kernels,
            threads,
            blobs.model(job.base()),
            blobs.data(job.data()),
            job.shape(),
            job.settings(),
            holdBack,
            check)) {
      job.requireSame(tune.job().remarks());
      TrainingState state = from.isPresent() ? tune.read(checkpoint(blobs)) : tune.beginning();
      if (state.step() >= until) {
        throw Refused.because("until", "is %d, and that is made".formatted(until));
      }
      var made = new AtomicReference<Checkpoint>();
      TrainingState end =
          tune.run(
              state,
              until,
              0,
              out,
              event -> {
                if (event instanceof TrainingEvent.Saved(int step, Digest digest, Path file)) {
                  made.set(new Checkpoint(file, step, digest));
                }
                events.accept(event);
              },
              stop);
      Checkpoint last = made.get();
      // Who stops on the way has no time for a loss that nobody would read, and is not paid for it.
      return last == null ? Checkpoint.write(out, tune.job(), end) : last;
    }
  }

  private Checkpoint checkpoint(Blobs blobs) throws IOException {
    Digest digest = from.orElseThrow();
    return Checkpoint.of(blobs.checkpoint(digest), digest);
  }

  /** As it travels; the same segment is the same bytes. */
  public byte[] toBytes() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    job.remarks().forEach(root::put);
    root.put("until", until);
    from.ifPresent(digest -> root.put("from", digest.toString()));
    if (holdBack) {
      root.put(HOLD_BACK, true);
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads one.
   *
   * @throws xyz.openledger.protocol.ProblemException naming the field that is wrong
   */
  public static TrainingSegment parse(byte[] bytes) {
    if (bytes.length > TEXT_BYTES_MAX) {
      throw Refused.because("segment", "has more than 64 KiB");
    }
    try {
      JsonNode root = new ObjectMapper().readTree(new String(bytes, StandardCharsets.UTF_8));
      var shape =
          new AdapterShape(
              whole(root, "rank", Integer.MAX_VALUE).intValue(),
              number(root, "alpha").floatValue(),
              targets(root));
      var settings =
          new Settings(
              whole(root, "steps", Integer.MAX_VALUE).intValue(),
              whole(root, "batch", Integer.MAX_VALUE).intValue(),
              number(root, "rate").floatValue(),
              whole(root, "warm-up", Integer.MAX_VALUE).intValue(),
              number(root, "decay").floatValue(),
              number(root, "clip").floatValue(),
              whole(root, "seed", Long.MAX_VALUE));
      var job =
          new TrainingJob(
              Digest.parse(text(root, "base")), Digest.parse(text(root, "data")), shape, settings);
      Optional<Digest> from =
          root.has("from") ? Optional.of(Digest.parse(text(root, "from"))) : Optional.empty();
      if (!root.path("until").isInt()) {
        throw Refused.because("until", "is no step");
      }
      if (root.has(HOLD_BACK) && !root.get(HOLD_BACK).isBoolean()) {
        throw Refused.because(HOLD_BACK, "is neither true nor false");
      }
      return new TrainingSegment(
          job, from, root.get("until").intValue(), root.path(HOLD_BACK).asBoolean());
    } catch (JsonProcessingException malformed) {
      throw Refused.because("segment", "is no JSON: " + malformed.getOriginalMessage());
    }
  }

  private static java.math.BigDecimal number(JsonNode root, String field) {
    String text = text(root, field);
    if (text.length() > 40) {
      throw Refused.because(field, "is no number");
    }
    try {
      return new java.math.BigDecimal(text);
    } catch (NumberFormatException wrong) {
      throw Refused.because(field, "is no number");
    }
  }

  /** An integer whose distance from 0 is at most that, or that and one below. */
  private static Long whole(JsonNode root, String field, long most) {
    try {
      long whole = number(root, field).longValueExact();
      if (whole <= most && whole >= -most - 1) {
        return whole;
      }
    } catch (ArithmeticException fractionOrTooLarge) {
      // Refused as what is too large is.
    }
    throw Refused.because(field, "is no integer of a size that is served");
  }

  private static Set<Projection> targets(JsonNode root) {
    var targets = EnumSet.noneOf(Projection.class);
    for (String name : text(root, "targets").split(" ", -1)) {
      targets.add(
          Projection.ofTarget(name)
              .orElseThrow(() -> Refused.because("targets", "name what no layer has")));
    }
    return targets;
  }

  private static String text(JsonNode root, String field) {
    JsonNode value = root.path(field);
    if (!value.isTextual()) {
      throw Refused.because(field, value.isMissingNode() ? "is missing" : "is no text");
    }
    return value.textValue();
  }

  /** A folder that holds model, data and checkpoints, for {@link #run} where all are at hand. */
  public static Blobs inPlace(Path model, Path data, Path checkpoints) {
    return new Blobs() {
      @Override
      public Path model(Digest digest) {
        return model;
      }

      @Override
      public Path data(Digest digest) {
        return data;
      }

      @Override
      public Path checkpoint(Digest digest) throws IOException {
        try (var files = Files.list(checkpoints)) {
          return files
              .filter(file -> file.getFileName().toString().contains(digest.hex()))
              .findFirst()
              .orElseThrow(() -> Refused.because("from", digest + " is not there"));
        }
      }
    };
  }
}
