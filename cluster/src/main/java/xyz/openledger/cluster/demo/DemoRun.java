package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import xyz.openledger.protocol.json.Json;

/** The demo as a command: sets the stage, tells the story, and strikes the set whatever happens. */
public final class DemoRun {
  private static final long DEADLINE_MILLIS = 180_000;

  private DemoRun() {}

  /**
   * Runs the demo.
   *
   * @param out for data: the story, or with {@code json} the summary alone
   * @param err for the story if {@code json}
   * @return whether every check held
   */
  public static boolean run(
      PrintStream out, PrintStream err, Path workingDirectory, boolean json, boolean keep)
      throws IOException {
    var story = new Story(json ? err : out);
    Path data = workingDirectory.resolve(".openledger/demo").toAbsolutePath();
    var folder = NetworkFolder.take(data);
    folder.clear();
    VoteChapter.prepare(data);
    var workloads = new Workloads(Demo.home().resolve("examples"), DEADLINE_MILLIS);
    try (folder;
        var network = new LocalNetwork(data)) {
      // Ctrl-C in the middle leaves nothing running.
      Thread stop = new Thread(network::close, "demo-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      Summary summary = new Demo(network, workloads, story).run();
      Runtime.getRuntime().removeShutdownHook(stop);
      tell(summary, story, out, json);
      if (!keep && summary.ok()) {
        folder.clear();
      }
      return summary.ok();
    }
  }

  private static void tell(Summary summary, Story story, PrintStream out, boolean json) {
    story.chapter("Summary");
    story.line(
        "%d jobs, %d tasks, %d replicas; %s OPEN charged; %s s",
        summary.jobs(),
        summary.tasks(),
        summary.replicas(),
        Jobs.open(Long.parseLong(summary.chargedNanoOpen())),
        summary.seconds());
    story.line("not real here: %s", String.join("; ", summary.simulated()));
    story.line(
        summary.ok()
            ? "every check held. Next: ./openledger dev"
            : "a check did not hold; the data is kept in .openledger/demo");
    if (json) {
      out.println(Json.pretty(summary));
    }
  }
}
