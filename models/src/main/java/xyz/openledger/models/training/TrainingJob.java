package xyz.openledger.models.training;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.Digest;

/**
 * What a training is, apart from how far it got: two with the same have the same bits after the
 * same step.
 *
 * @param base of the model that is adapted
 * @param data of the samples
 */
public record TrainingJob(Digest base, Digest data, AdapterShape shape, Settings settings) {
  private static final String FORMAT = "openledger-checkpoint-1";

  /**
   * The training on a file of samples.
   *
   * @param holdBack whether it keeps some of them, which makes other samples of the same file
   */
  public static TrainingJob of(
      Digest base, Digest file, boolean holdBack, AdapterShape shape, Settings settings) {
    Digest data = holdBack ? Digest.of(file.bytes(), new byte[] {1}) : file;
    return new TrainingJob(base, data, shape, settings);
  }

  /** As it stands in checkpoints. */
  Map<String, String> remarks() {
    var remarks = new TreeMap<String, String>();
    remarks.put("format", FORMAT);
    remarks.put("base", base.toString());
    remarks.put("data", data.toString());
    remarks.put("rank", Integer.toString(shape.rank()));
    remarks.put("alpha", Float.toString(shape.alpha()));
    remarks.put(
        "targets",
        shape.targets().stream().map(Projection::target).collect(Collectors.joining(" ")));
    remarks.put("steps", Integer.toString(settings.steps()));
    remarks.put("batch", Integer.toString(settings.batch()));
    remarks.put("rate", Float.toString(settings.rate()));
    remarks.put("warm-up", Integer.toString(settings.warmUp()));
    remarks.put("decay", Float.toString(settings.decay()));
    remarks.put("clip", Float.toString(settings.clip()));
    remarks.put("seed", Long.toString(settings.seed()));
    return remarks;
  }

  /** Refuses the checkpoint of another training, saying in what it differs. */
  void requireSame(Map<String, String> found) {
    remarks()
        .forEach(
            (name, value) -> {
              String other = found.getOrDefault(name, "nothing");
              if (!other.equals(value)) {
                String shown = other.substring(0, Math.min(other.length(), 80));
                throw Refused.because(name, "is %s there and %s here".formatted(shown, value));
              }
            });
  }
}
