package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.models.ServedModels;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Workload;

/** To whom the model's part of a job's price goes, as the catalogue knows it. */
final class ModelOwners {
  private ModelOwners() {}

  /**
   * The owner of the base that the tasks ask or train on, else of the adapter that all ask; null
   * where nobody has named one, and the part goes to whom governance names. The base comes first
   * since anybody may publish an adapter that changes nothing, and ask by it.
   */
  static @Nullable Address of(ServedModels models, JobSpec spec) {
    return switch (spec.workload()) {
      case Workload.Inference asked -> {
        Address base = models.owner(asked.model());
        List<Optional<Digest>> adapters =
            spec.tasks().stream()
                .map(task -> Optional.ofNullable(Workload.Inference.adapter(task.arguments())))
                .distinct()
                .toList();
        Optional<Digest> adapter = adapters.size() == 1 ? adapters.getFirst() : Optional.empty();
        yield base != null ? base : adapter.map(models::owner).orElse(null);
      }
      case Workload.Finetune trained -> models.owner(trained.model());
      default -> null;
    };
  }
}
