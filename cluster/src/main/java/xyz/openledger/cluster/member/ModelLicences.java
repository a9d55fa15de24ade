package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.actors.tuning.TuningPlan;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Licence;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;

/**
 * Which licences the models and adapters are under that a job uses, as the catalogue knows them.
 */
final class ModelLicences {
  private ModelLicences() {}

  /** Those licences; {@link Licence#NONE_STATED} where nobody states one. */
  static List<String> of(ServedModels models, JobSpec spec) {
    return of(models, uses(spec));
  }

  private static List<String> of(ServedModels models, Stream<Digest> used) {
    return used.map(model -> models.licence(model).orElse(Licence.NONE_STATED))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The same, if the job's policy allows them.
   *
   * @throws ProblemException {@code unsatisfiable-policy} for {@code policy.limits.licences}: no
   *     node could change that
   */
  static List<String> allowed(ServedModels models, JobSpec spec) {
    return allowed(models, uses(spec), spec.policy().limits());
  }

  /** The same for what uses these models and adapters. */
  static List<String> allowed(ServedModels models, Stream<Digest> used, Policy.Limits limits) {
    List<String> stated = of(models, used);
    List<String> allowed = limits.licences();
    List<String> lacking = allowed == null ? List.of() : Licence.lacking(stated, allowed);
    if (!lacking.isEmpty()) {
      throw new ProblemException(
          Problem.UNSATISFIABLE_POLICY,
          "policy.limits.licences",
          lacking.contains(Licence.NONE_STATED)
              ? "the job uses a model or an adapter of which nobody states a licence; its publisher"
                  + " does with: openledger model publish --licence"
              : "the job uses what is under %s, and the policy allows %s"
                  .formatted(String.join(", ", lacking), String.join(", ", allowed)));
    }
    return stated;
  }

  /**
   * Those of a training: as they were when it was accepted, since what was paid for its first
   * pieces would be lost if the others were refused.
   *
   * @throws ProblemException like {@link #allowed}, for trainings that wrote none down
   */
  static List<String> of(ServedModels models, TuningPlan plan) {
    List<String> accepted = plan.licences();
    return accepted == null
        ? allowed(models, Stream.of(plan.model()), plan.request().policy().limits())
        : accepted;
  }

  private static Stream<Digest> uses(JobSpec spec) {
    return switch (spec.workload()) {
      case Workload.Inference asked ->
          Stream.concat(
              Stream.of(asked.model()),
              spec.tasks().stream()
                  .map(task -> Workload.Inference.adapter(task.arguments()))
                  .filter(Objects::nonNull)
                  .distinct());
      case Workload.Finetune trained -> Stream.of(trained.model());
      case Workload.Wasm _, Workload.Matmul _, Workload.PrivateModel _, Workload.Onnx _ ->
          Stream.of();
    };
  }
}
