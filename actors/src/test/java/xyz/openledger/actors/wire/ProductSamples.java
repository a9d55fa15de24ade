package xyz.openledger.actors.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.chainanchor.accounts.FeeShares;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Payment;
import xyz.openledger.chainanchor.accounts.SharePayout;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;

/** One of each event that the product journals. */
final class ProductSamples {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxya";

  private static final TuningRequest TUNING =
      new TuningRequest(
          "tiny",
          Digest.of(LETTERS.getBytes(UTF_8)),
          "mate",
          TuningRecipe.of(40),
          20,
          true,
          1,
          new Policy(
              null,
              new Policy.Limits(5_000, 60_000, List.of(), null, 0),
              new Policy.Verification(Policy.Method.TRUSTED, null),
              null),
          Map.of("project", "sea"));

  private ProductSamples() {}

  /** By manifest. */
  static Map<String, Object> of(EventCodecs codecs) {
    var samples = samples();
    var byManifest = new HashMap<String, Object>();
    for (var type : codecs.types()) {
      var sample = samples.of(type);
      byManifest.put(codecs.manifest(sample), sample);
    }
    return byManifest;
  }

  /** Beside what can be made up, values of the types that accept only some. */
  private static Samples samples() {
    var digest = Digest.of(LETTERS.getBytes(UTF_8));
    return new Samples()
        .with(JobId.parse("job-" + LETTERS))
        .with(NodeId.parse("node-" + LETTERS))
        .with(PoolId.parse("pool-" + LETTERS))
        .with(TenantId.parse("tenant-a"))
        .with(TuningId.parse("tune-" + LETTERS))
        .with(TUNING)
        .with(ReplicaId.parse("job-" + LETTERS + "/3/r2"))
        .with(Address.parse("0x" + "ab".repeat(20)))
        .with(digest)
        .with(new Workload.Wasm(digest, 1_000_000, 16 * 65_536, 4_096))
        .with(Workload.class, new Workload.Matmul(digest, 1_000_000, 16 * 65_536, 4_096))
        .with(new Workload.Inference(digest, 1_000_000, 16 * 65_536, 4_096))
        .with(new Workload.PrivateModel(digest, 1_000_000, 16 * 65_536, 4_096))
        .with(new Workload.Finetune(digest, 1_000_000, 16 * 65_536, 4_096))
        .with(new JobSpec.Task(List.of("trace"), digest))
        .with(
            new Policy.Limits(
                5_000, 60_000, List.of("eu-west"), 300, 9_000, 20_000, DataClass.INTERNAL))
        .with(new Policy.Preference("node.cores * 100", 50))
        .with(new Policy.LabelRequirement("tier", Policy.Operator.IN, List.of("gold")))
        .with(new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(2, 5)))
        .with(new Policy.Weights(40, 30, 20, 10))
        .with(new Scheduling(7, true, 20, true, 5_000L, 60_000L, 10_000L))
        .with(Policy.Capacity.ON_DEMAND)
        .with(Problem.CANCELLED)
        .with(
            new Governed(
                List.of("care"),
                List.of("care"),
                List.of("xx"),
                new Floors(0, 0, 10, 20),
                9,
                null,
                new DataRule(
                    DataClass.CONFIDENTIAL,
                    List.of("bubblewrap"),
                    5_000,
                    true,
                    null,
                    true,
                    null,
                    null,
                    null)))
        .with(new SharePayout("model", "payee", 4))
        .with(new OwnTerms("job.tenant == 'ada'", "job.priority"))
        .with(
            new LedgerEvent.Settled(
                "job",
                "tenant",
                12,
                List.of(new Payment("replica", "node", "payee", 7, 2)),
                List.of(),
                3,
                "chargesDigest",
                new FeeShares(new FeeSplit(500, 250, 125, 25), 1, 1, 0, 0, "modelPayee")));
  }
}
