package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;

/**
 * A fine-tuning job that a client wants: OpenAI's fields, and under {@code openledger} those of
 * this network.
 *
 * @param validationFile a file of samples that are not learnt from, but tell the loss
 * @param epochs how often each sample is learnt from; null for as often as is usual
 * @param batch samples a step; null for the usual
 * @param rateTimes times the usual rate; null for once
 * @param suffix the adapter's name; absent if it is to get one
 * @param network what stood under {@code openledger}
 */
public record FineTuneRequest(
    ModelName model,
    String trainingFile,
    @Nullable String validationFile,
    @Nullable Integer epochs,
    @Nullable Integer batch,
    @Nullable BigDecimal rateTimes,
    @Nullable String suffix,
    @Nullable Long seed,
    JsonNode network) {
  /** The label that holds the id of the file. */
  public static final String FILE_LABEL = "openai.training_file";

  /** The label that holds the id of the file that tells the loss. */
  public static final String VALIDATION_LABEL = "openai.validation_file";

  /** The label that holds how often each sample is learnt from. */
  public static final String EPOCHS_LABEL = "openai.n_epochs";

  /** What the labels of a client's own metadata begin with. */
  public static final String METADATA = "metadata.";

  /** The rate that a multiplier of 1 means. */
  public static final BigDecimal RATE = new BigDecimal("0.005");

  private static final int EPOCHS_MAX = 50;
  private static final int EPOCHS_USUAL = 3;
  private static final int EPOCHS_OF_FEW_MAX = 25;
  private static final int LEARNT_AT_LEAST = 100;
  private static final int BATCH_USUAL = 8;
  private static final int BATCH_MAX = 256;
  private static final int PIECE_STEPS_MIN = 10;
  private static final int RATE_DIGITS = 9;
  private static final BigDecimal RATE_TIMES_MAX = BigDecimal.valueOf(100);

  /** Reads the body of {@code POST /v1/fine_tuning/jobs}. */
  public static FineTuneRequest read(JsonNode body) {
    var fields = new Fields(body);
    if (fields.asksFor("integrations")) {
      throw OpenAiRefusal.unsupported("integrations", "there are none; poll the job's events");
    }
    JsonNode method = body.path("method");
    String type = method.path("type").asText("supervised");
    if (!type.equals("supervised")) {
      throw OpenAiRefusal.unsupported("method.type", "only supervised training is offered");
    }
    JsonNode said = method.at("/supervised/hyperparameters");
    JsonNode hyper = said.isObject() ? said : body.path("hyperparameters");
    return new FineTuneRequest(
        ModelName.parse(fields.text("model")),
        fields.text("training_file"),
        validationFile(fields, body),
        wholeOrAuto(hyper, "n_epochs", EPOCHS_MAX),
        wholeOrAuto(hyper, "batch_size", BATCH_MAX),
        times(hyper),
        suffix(fields),
        fields.has("seed") ? (Long) fields.wholeNumber("seed") : null,
        fields.network("policy", "pieceSteps", "checks", "holdBack", "rank", "alpha"));
  }

  private static @Nullable String validationFile(Fields fields, JsonNode body) {
    if (!fields.has("validation_file")) {
      return null;
    }
    if (body.at("/openledger/holdBack").asBoolean(false)) {
      throw OpenAiRefusal.of(
          "openledger.holdBack",
          "and validation_file are two answers to one question; leave one of them out");
    }
    return fields.text("validation_file");
  }

  private static @Nullable String suffix(Fields fields) {
    if (!fields.has("suffix")) {
      return null;
    }
    String suffix = fields.text("suffix");
    if (suffix.contains(":") || !ModelName.isServable(suffix)) {
      throw OpenAiRefusal.of(
          "suffix", "must be 1 to 63 lower-case letters, digits, dots, dashes and underscores");
    }
    return suffix;
  }

  private static boolean isAuto(JsonNode value) {
    return value.isMissingNode() || value.isNull() || value.asText().equals("auto");
  }

  private static @Nullable Integer wholeOrAuto(JsonNode hyper, String name, int max) {
    JsonNode value = hyper.path(name);
    if (isAuto(value)) {
      return null;
    }
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > max) {
      throw OpenAiRefusal.of("hyperparameters." + name, "must be auto, or from 1 to " + max);
    }
    return value.intValue();
  }

  private static @Nullable BigDecimal times(JsonNode hyper) {
    JsonNode value = hyper.path("learning_rate_multiplier");
    if (isAuto(value)) {
      return null;
    }
    boolean finite = value.isNumber() && Double.isFinite(value.doubleValue());
    BigDecimal times = finite ? value.decimalValue() : BigDecimal.ZERO;
    if (times.signum() <= 0 || times.compareTo(RATE_TIMES_MAX) > 0) {
      throw OpenAiRefusal.of(
          "hyperparameters.learning_rate_multiplier", "must be auto, or above 0 and at most 100");
    }
    return times;
  }

  /** The training on the network that this means. */
  public TuningRequest training(
      TuningId id, Digest data, int samples, Policy policy, Map<String, String> metadata) {
    int size = batch == null ? Math.min(BATCH_USUAL, samples) : batch;
    int rounds = epochs == null ? usualEpochs(samples) : epochs;
    long steps = ((long) samples * rounds + size - 1) / size;
    if (steps > TuningRecipe.STEPS_MAX) {
      throw OpenAiRefusal.of(
          "hyperparameters.n_epochs",
          "makes %d steps of %d samples; there may be %d"
              .formatted(steps, size, TuningRecipe.STEPS_MAX));
    }
    boolean trusted = policy.verification().method() == Policy.Method.TRUSTED;
    try {
      var recipe =
          new TuningRecipe(
              (int) steps,
              size,
              rate(),
              null,
              null,
              null,
              seed,
              whole("rank"),
              network.hasNonNull("alpha") ? network.get("alpha").asText() : null,
              null);
      Integer pieceSteps = whole("pieceSteps");
      Integer checks = whole("checks");
      return new TuningRequest(
          model.served(),
          data,
          suffix == null ? "ft-" + id.value().substring(id.value().length() - 12) : suffix,
          recipe,
          pieceSteps == null ? pieceSteps((int) steps, rounds) : pieceSteps,
          network.path("holdBack").asBoolean(false) ? true : null,
          checks == null ? (trusted ? 1 : 0) : checks,
          policy,
          labels(rounds, metadata));
    } catch (ProblemException refused) {
      throw OpenAiRefusal.of("openledger." + refused.field(), refused.detail());
    }
  }

  /** Three times; more often where there is little to learn from. */
  private static int usualEpochs(int samples) {
    int enough = (LEARNT_AT_LEAST + samples - 1) / samples;
    return Math.clamp(enough, EPOCHS_USUAL, EPOCHS_OF_FEW_MAX);
  }

  /** A checkpoint with each epoch, as clients of this API expect, but not after every few steps. */
  private static int pieceSteps(int steps, int epochs) {
    int most = Math.ceilDiv(steps, TuningRequest.PIECES_MAX);
    int epoch = Math.ceilDiv(steps, epochs);
    return Math.min(steps, Math.max(PIECE_STEPS_MIN, Math.max(most, epoch)));
  }

  private @Nullable String rate() {
    if (rateTimes == null) {
      return null;
    }
    BigDecimal rate = RATE.multiply(rateTimes).setScale(RATE_DIGITS, RoundingMode.HALF_EVEN);
    return rate.stripTrailingZeros().toPlainString();
  }

  private @Nullable Integer whole(String field) {
    JsonNode value = network.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isInt()) {
      throw OpenAiRefusal.of("openledger." + field, "must be a whole number");
    }
    return value.intValue();
  }

  private Map<String, String> labels(int rounds, Map<String, String> metadata) {
    var labels = new TreeMap<String, String>();
    labels.put(FILE_LABEL, trainingFile);
    if (validationFile != null) {
      labels.put(VALIDATION_LABEL, validationFile);
    }
    labels.put(EPOCHS_LABEL, epochs == null ? "auto" : Integer.toString(rounds));
    metadata.forEach((key, value) -> labels.put(METADATA + key, value));
    return labels;
  }
}
