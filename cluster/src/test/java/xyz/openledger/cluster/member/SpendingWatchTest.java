package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

class SpendingWatchTest {
  private static final TenantId ADA = new TenantId("ada");

  private static Pending pending(int number, long sinceMillis) {
    return new Pending("laptop", JobId.of(ADA, "job-" + number), sinceMillis);
  }

  @Test
  void jobsOfMembersThatAreAwayHideNoneThatIsHere() {
    List<Pending> page = IntStream.range(0, 200).mapToObj(i -> pending(i, 1)).toList();
    Pending last = page.getLast();
    Set<String> here = Set.of(JobPartition.of(last.job()));

    assertThat(SpendingWatch.old(page, 2, here, _ -> false)).hasSize(32).contains(last);
    assertThat(SpendingWatch.old(page, 2, here, last::equals)).doesNotContain(last);
    assertThat(SpendingWatch.old(page, 1, here, _ -> false)).as("too young").isEmpty();
  }
}
