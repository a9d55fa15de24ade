package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Licence;
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
    return uses(spec)
        .map(model -> models.licence(model).orElse(Licence.NONE_STATED))
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
    List<String> stated = of(models, spec);
    List<String> allowed = spec.policy().limits().licences();
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
