package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.queue.Forecast;

/** A survey as it goes from one member to another fits the frame between them. */
class PoolSurveyFrameTest {
  /** The longest message between members. */
  private static final int MESSAGE_BYTES = 256 << 10;

  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void ofAThousandUsualNodesMostAreTold() {
    List<Node> nodes = nodes(1_000, Map.of("tier", "gold", "openledger.zone", "FR"), "RTX 4090");

    var told = PoolSurvey.thatFit(nodes, 1_000);

    assertThat(told).hasSizeGreaterThan(900);
    assertThat(bytes(told)).isLessThan(MESSAGE_BYTES);
  }

  @Test
  void aThousandNodesThatSayAllThatTheyMaySayAreToldAsFarAsTheyFit() {
    Map<String, String> labels =
        IntStream.range(0, 32)
            .boxed()
            .collect(Collectors.toMap(i -> "k".repeat(60) + i, _ -> "ü".repeat(63)));
    List<Node> nodes = nodes(1_000, labels, "x".repeat(200));

    var told = PoolSurvey.thatFit(nodes, 1_000);

    assertThatThrownBy(() -> bytes(nodes)).as("all of them").hasMessageContaining("at most 262144");
    assertThat(told).hasSizeBetween(10, 999);
    assertThat(bytes(told)).isLessThan(MESSAGE_BYTES);
  }

  @Test
  void noNodeTakesMoreThanIsReckonedForIt() {
    for (Node node : nodes(20, Map.of("name", "größer"), "A100")) {
      assertThat(bytes(List.of(node)) - bytes(List.of()))
          .isLessThanOrEqualTo(PoolSurvey.bytes(node));
      Node choosy = node.under(new OwnTerms("job.labels.größe == 'groß'", "job.priority * 100"));
      assertThat(bytes(List.of(choosy)) - bytes(List.of()))
          .isLessThanOrEqualTo(PoolSurvey.bytes(choosy));
    }
  }

  private static long bytes(List<Node> nodes) {
    var survey =
        new PoolSurvey(
            POOL, "attic", nodes.size(), nodes, 7, new Forecast.Eta(1_000, 2_000, 1_000));
    byte[] bytes = SerializationExtension.get(KIT.system()).serialize(survey).get();
    assertThat(SerializationExtension.get(KIT.system()).deserialize(bytes, PoolSurvey.class).get())
        .isEqualTo(survey);
    return bytes.length;
  }

  private static List<Node> nodes(int count, Map<String, String> labels, String accelerator) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Node(
                    node("node " + i),
                    owner("owner " + i),
                    POOL,
                    "eu-west",
                    300,
                    1_000_000 + i,
                    1_000_000_000L + i,
                    1_000,
                    1L << 28,
                    4,
                    8,
                    5_000,
                    100,
                    true,
                    new Traits(
                        labels,
                        "amd64",
                        "Linux 6.1.0-28-amd64",
                        "bubblewrap",
                        16,
                        1L << 36,
                        1L << 40,
                        List.of(accelerator, accelerator),
                        350)))
        .toList();
  }
}
