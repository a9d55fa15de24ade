package xyz.openledger.cluster.bench.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.pools.index.Top;

/** The bench runs, and every way of matching answers the same; how fast is asserted nowhere. */
class MatchBenchTest {
  @TempDir Path folder;

  @Test
  void findsTheSameInEveryWay() throws Exception {
    var options = new MatchBench.Options(3_000, 300, 500, 1, 0, 7, folder);

    MatchReport report = MatchBench.run(options, _ -> {});

    assertThat(report.findings()).isEmpty();
    assertThat(report.parts())
        .extracting(MatchReport.Part::name)
        .containsExactly("exact", "bounded", "update", "reverse", "place");
    assertThat(report.parts())
        .allSatisfy(
            part -> {
              assertThat(part.figures())
                  .allMatch(figure -> figure.micros() >= 0 && Double.isFinite(figure.micros()));
              assertThat(part.goals()).isNotEmpty();
            });
  }

  @Test
  void placesEveryTaskThroughAMembersPool() throws Exception {
    var options = new PoolsBench.Options(List.of(1_000), 2_000, 1_000, 1, 0, 7, null, folder);

    MatchReport report = PoolsBench.run(options, _ -> {});

    assertThat(report.findings()).isEmpty();
    assertThat(report.parts())
        .extracting(MatchReport.Part::name)
        .containsExactly("member", "growth");
    assertThat(report.parts().getLast().facts())
        .contains(new MatchReport.Fact("tasks that wait", 2_000));
  }

  @Test
  void drawsTheSameWorldFromTheSameSeed() {
    World one = World.draw(3, 500, 4);
    World other = World.draw(3, 500, 4);

    assertThat(best(one)).isEqualTo(best(other)).isNotEqualTo(best(World.draw(4, 500, 4)));
  }

  private static List<Integer> best(World world) {
    var top = new Top(5);
    var rows = new RowScan(world);
    return world.policies().stream()
        .map(RowScan.Asked::new)
        .peek(policy -> rows.best(policy, top))
        .flatMap(_ -> Arrays.stream(top.rows()).boxed())
        .toList();
  }
}
