package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import xyz.openledger.nodes.worker.TaskResult;

class WorkTest {
  private final Workbench.Work work = new Workbench.Work();
  private final CompletableFuture<TaskResult> run = new CompletableFuture<>();

  @Test
  void thatWasCancelledBeforeItRunsDoesNotGoOn() {
    work.cancel();
    work.runs(run);

    assertThat(run).isCancelled();
  }

  @Test
  void thatRunsIsCancelledWithItsRun() {
    work.runs(run);
    assertThat(run).isNotDone();
    work.cancel();

    assertThat(run).isCancelled();
  }
}
