package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.client.PolicyFile;

/** Each policy of the gallery can be met in a development network of real processes. */
class GalleryTest {
  private static final long HOUR = 3_600_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void everyExampleIsFeasibleWhereItsDryRunSaysHowItWouldGo() throws Exception {
    try (var network = new LocalNetwork(folder.resolve("data"))) {
      network.startMember(Cast.POOLS);
      for (Machine machine : DevRun.MACHINES) {
        network.startMachine(machine);
      }
      network.deposit(10_000_000_000L);
      network.awaitReady(DevRun.MACHINES.size());
      OpenLedgerClient client = network.client();
      String pool =
          client.network().pools().stream()
              .filter(it -> it.name().equals("hearth"))
              .findFirst()
              .orElseThrow()
              .id()
              .value();
      client.network().reserve(pool, new ReservationRequest(1, HOUR, 60_000_000), "a-slot");
      JobSpec job = JobFile.read(Demo.home().resolve("examples/hello/job.json")).spec();
      Map<String, DryRun> answers = new TreeMap<>();

      try (var files = Files.list(DevRun.policies(network))) {
        for (Path file : files.toList()) {
          Policy policy = PolicyFile.read(file);
          assertThat(PolicyCheck.check(policy)).isNotEmpty();
          if (policy.verification().method() == Policy.Method.TOPLOC) {
            // It is for language models, and hello is none.
            continue;
          }
          answers.put(
              file.getFileName().toString(),
              client
                  .jobs()
                  .dryRun(
                      new JobSpec(job.name(), job.labels(), job.workload(), job.tasks(), policy)));
        }
      }

      assertThat(answers).hasSizeGreaterThanOrEqualTo(10);
      answers.forEach((name, answer) -> assertThat(answer.feasible()).as(name + answer).isTrue());
      DryRun adaptive = Objects.requireNonNull(answers.get("adaptive.yaml"));
      assertThat(adaptive.ownersNeeded()).as(adaptive.toString()).isEqualTo(4);
      assertThat(Objects.requireNonNull(adaptive.quote()).replicas())
          .isEqualTo(4 * job.tasks().size());
      DryRun spot = Objects.requireNonNull(answers.get("spot.yaml"));
      DryRun.Quote quote = Objects.requireNonNull(spot.quote());
      assertThat(quote.costP95NanoOpen()).isGreaterThan(quote.costP50NanoOpen());
      assertThat(List.copyOf(answers.keySet())).contains("private-data.yaml", "spot.yaml");
    }
  }
}
