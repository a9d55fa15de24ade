package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.actors.tuning.TuningRun;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.TuningRequest;

/** The jobs that a training consists of. Pure, but for the pieces' inputs, which are stored. */
record TuningJobs(BlobStore blobs) {
  private static final long MEMORY_BYTES = 64L << 20;

  /** The id of an order's job: the same, however often it is submitted. */
  static JobId id(TuningRun run, Order order) {
    return JobId.of(run.tenant(), "tuning/%s/%d".formatted(run.id(), order.serial()));
  }

  /** The job that makes a piece, or makes it again. */
  JobSpec spec(TuningRun run, Order order) {
    TuningRequest request = run.plan().request();
    int until = request.until(order.piece());
    int steps = until - order.piece() * request.pieceSteps();
    Optional<Digest> from = Optional.ofNullable(order.from());
    byte[] segment =
        new TrainingSegment(TuningGate.job(run.plan()), from, until, request.holdsBack()).toBytes();
    Digest input = blobs.put(segment).digest();
    List<String> arguments =
        from.isPresent()
            ? List.of(
                Workload.Finetune.TUNE, request.data().toString(), from.orElseThrow().toString())
            : List.of(Workload.Finetune.TUNE, request.data().toString());
    return new JobSpec(
        "%s piece %d of %d%s"
            .formatted(
                run.id(), order.piece() + 1, run.planned(), order.again() ? ", made again" : ""),
        Map.of("tuning", run.id().value()),
        new Workload.Finetune(
            run.plan().model(),
            run.plan().fuelPerStep() * steps + run.plan().fuelPerPiece(),
            MEMORY_BYTES,
            TuningGate.CHECKPOINT_BYTES_MAX),
        List.of(new JobSpec.Task(arguments, input)),
        policy(run, order));
  }

  private static Policy policy(TuningRun run, Order order) {
    Policy wanted = run.plan().request().policy();
    Policy.Limits limits = wanted.limits();
    return new Policy(
        wanted.objective(),
        limits.costing(order.priceMaxNanoOpen(), limits.deadlineMillis()),
        // The claim and one who comes to the same; where they differ, as many more as it takes.
        order.again() ? new Policy.Verification(Policy.Method.QUORUM, null) : wanted.verification(),
        wanted.capacity(),
        requirement(wanted.require(), order.elsewhere()),
        wanted.prefer(),
        wanted.selector(),
        wanted.shift(),
        wanted.spread());
  }

  private static @Nullable String requirement(@Nullable String wanted, List<Address> shunned) {
    String others =
        String.join(
            " && ", shunned.stream().map(owner -> "node.owner != '" + owner + "'").toList());
    return others.isEmpty() ? wanted : wanted == null ? others : "(" + wanted + ") && " + others;
  }

  /** What was said of a piece, for whoever makes it again; from the receipt of its job. */
  static JobMessage.Claim claim(Receipt receipt) {
    Receipt.TaskReceipt task = receipt.tasks().getFirst();
    Receipt.ReplicaReceipt said =
        task.replicas().stream()
            .filter(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
            .findFirst()
            .orElseThrow();
    return new JobMessage.Claim(
        task.task(),
        new Grant(
            said.replica(),
            said.node(),
            said.owner(),
            said.pool(),
            said.fence(),
            said.priceNanoOpenPerGigafuel(),
            0,
            said.region(),
            said.carbonGramsPerKwh()),
        new JobEvent.Reveal(
            said.replica(),
            Check.present("outcome", said.outcome()),
            Check.present("statement", said.statement()),
            null));
  }
}
