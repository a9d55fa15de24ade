package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningPiece;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;
import xyz.openledger.protocol.api.TuningView;

/** Trainings of the network as clients of the OpenAI API expect to hear of them. */
public final class FineTuneWords {
  private FineTuneWords() {}

  /** A job. */
  public static ObjectNode job(TuningView view) {
    TuningRequest request = view.request();
    Map<String, String> labels = labels(request);
    ObjectNode job =
        object()
            .put("id", view.id().value())
            .put("object", "fine_tuning.job")
            .put("model", request.model())
            .put("created_at", view.startedAtMillis() / 1_000)
            .put("fine_tuned_model", view.servedAs())
            .put("organization_id", view.tenant().value())
            .put("status", status(view.state()))
            .put(
                "training_file",
                labels.getOrDefault(FineTuneRequest.FILE_LABEL, request.data().toString()))
            .put("seed", request.recipe().seed());
    if (view.state().isFinal()) {
      job.put("finished_at", view.changedAtMillis() / 1_000);
    } else {
      job.putNull("finished_at");
    }
    job.put("validation_file", labels.get(FineTuneRequest.VALIDATION_LABEL));
    job.putNull("trained_tokens").putNull("estimated_finish");
    job.putArray("result_files");
    job.putArray("integrations");
    error(job, view);
    ObjectNode hyperparameters = hyperparameters(request);
    job.set("hyperparameters", hyperparameters);
    job.putObject("method")
        .put("type", "supervised")
        .putObject("supervised")
        .set("hyperparameters", hyperparameters.deepCopy());
    ObjectNode metadata = job.putObject("metadata");
    labels.forEach(
        (key, value) -> {
          if (key.startsWith(FineTuneRequest.METADATA)) {
            metadata.put(key.substring(FineTuneRequest.METADATA.length()), value);
          }
        });
    job.set("openledger", network(view));
    return job;
  }

  private static String status(TuningState state) {
    return switch (state) {
      case RUNNING, CHECKING -> "running";
      case SUCCEEDED, FAILED, CANCELLED -> state.word();
    };
  }

  private static void error(ObjectNode job, TuningView view) {
    Problem problem = view.problem();
    if (view.state() != TuningState.FAILED || problem == null) {
      job.putNull("error");
      return;
    }
    job.putObject("error")
        .put("code", problem.code().replace('-', '_'))
        .put("message", view.detail())
        .putNull("param");
  }

  private static ObjectNode hyperparameters(TuningRequest request) {
    TuningRecipe recipe = request.recipe();
    ObjectNode hyperparameters = object();
    String epochs = labels(request).getOrDefault(FineTuneRequest.EPOCHS_LABEL, "auto");
    if (epochs.equals("auto")) {
      hyperparameters.put("n_epochs", epochs);
    } else {
      hyperparameters.put("n_epochs", Integer.parseInt(epochs));
    }
    return hyperparameters
        .put("batch_size", recipe.batch())
        .put(
            "learning_rate_multiplier",
            new BigDecimal(String.valueOf(recipe.rate())).doubleValue()
                / FineTuneRequest.RATE.doubleValue());
  }

  /** What only this network has to say. */
  private static ObjectNode network(TuningView view) {
    TuningRequest request = view.request();
    ObjectNode network =
        object()
            .put("state", view.state().word())
            .put("steps", request.recipe().steps())
            .put("pieceSteps", request.pieceSteps())
            .put("pieces", request.pieces())
            .put("piecesMade", view.pieces().size())
            .put("checks", request.checks())
            .put("paidNanoOpen", Long.toString(view.chargedNanoOpen()));
    if (view.adapter() != null) {
      network.put("manifest", view.adapter().toString());
    }
    return network;
  }

  /** What happened, the newest first: a metric of each step, and a sentence of all else. */
  public static List<ObjectNode> events(TuningView view, List<TuningNews> news) {
    var events = new ArrayList<ObjectNode>();
    for (TuningNews one : news) {
      List<Double> losses = one.losses();
      Integer until = one.until();
      for (int i = 0; until != null && i < losses.size(); i++) {
        int step = until - losses.size() + 1 + i;
        ObjectNode data = metrics(step, losses.get(i));
        if (i == losses.size() - 1 && one.heldBackLoss() != null) {
          validated(data, one.heldBackLoss());
        }
        events.add(
            event(view, one, i + 1, "Step %d: training loss=%.4f".formatted(step, losses.get(i)))
                .put("type", "metrics")
                .set("data", data));
      }
      events.add(event(view, one, 0, one.text()).put("type", "message").set("data", object()));
    }
    Collections.reverse(events);
    return events;
  }

  private static ObjectNode metrics(int step, double loss) {
    return object().put("step", step).put("train_loss", loss);
  }

  /** Under both names: all of the samples are looked at each time. */
  private static void validated(ObjectNode metrics, double loss) {
    metrics.put("valid_loss", loss).put("full_valid_loss", loss);
  }

  private static ObjectNode event(TuningView view, TuningNews news, int part, String message) {
    boolean failure = news.kind().equals("finished") && view.state() == TuningState.FAILED;
    boolean setback = news.kind().equals("missed") || news.kind().equals("refuted");
    return object()
        .put("id", "ftevent-%s-%d-%d".formatted(view.id().value(), news.number(), part))
        .put("object", "fine_tuning.job.event")
        .put("created_at", news.atMillis() / 1_000)
        .put("level", failure ? "error" : setback ? "warn" : "info")
        .put("message", message);
  }

  /** What was committed to so far, the newest first. */
  public static List<ObjectNode> checkpoints(TuningView view, List<TuningNews> news) {
    var madeAt = new HashMap<Integer, Long>();
    for (TuningNews one : news) {
      if (one.kind().equals("made") && one.piece() != null) {
        madeAt.put(one.piece(), one.atMillis());
      }
    }
    var checkpoints = new ArrayList<ObjectNode>();
    for (TuningPiece piece : view.pieces().reversed()) {
      ObjectNode metrics = object().put("step", piece.until());
      if (piece.loss() != null) {
        metrics.put("train_loss", piece.loss());
      }
      if (piece.heldBackLoss() != null) {
        validated(metrics, piece.heldBackLoss());
      }
      ObjectNode checkpoint =
          object()
              .put("id", "ftckpt-%s-%d".formatted(view.id().value(), piece.number()))
              .put("object", "fine_tuning.job.checkpoint")
              .put(
                  "created_at", madeAt.getOrDefault(piece.number(), view.changedAtMillis()) / 1_000)
              .put("fine_tuned_model_checkpoint", piece.checkpoint().toString())
              .put("fine_tuning_job_id", view.id().value())
              .put("step_number", piece.until());
      checkpoint.set("metrics", metrics);
      checkpoint
          .putObject("openledger")
          .put("job", piece.job().value())
          .put("check", piece.check())
          .put("paidNanoOpen", Long.toString(piece.chargedNanoOpen()));
      checkpoints.add(checkpoint);
    }
    return checkpoints;
  }

  /** The id of an event or a checkpoint. */
  public static String id(JsonNode one) {
    return one.path("id").asText();
  }

  private static Map<String, String> labels(TuningRequest request) {
    Map<String, String> labels = request.labels();
    return labels == null ? Map.of() : labels;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
