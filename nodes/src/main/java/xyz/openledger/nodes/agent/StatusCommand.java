package xyz.openledger.nodes.agent;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import xyz.openledger.protocol.json.Json;

@Command(name = "status", description = "Says how the agent of this machine is.")
final class StatusCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  @Mixin DataOptions data = new DataOptions();

  @Option(names = "--name", paramLabel = "NAME", description = "what you call this machine")
  String name = TermsOptions.hostName();

  @Option(names = "-o", paramLabel = "FORMAT", description = "text (default) or json")
  String output = "text";

  @Override
  public Integer call() {
    AgentHome home = data.home(name);
    Membership joined = home.joined();
    var out = spec.commandLine().getOut();
    var status = home.status();
    boolean running = home.isLocked() && status.isPresent();
    if (running && output.equals("json")) {
      out.println(Json.pretty(status.get()));
    } else if (running) {
      out.println(text(status.get()));
    } else {
      spec.commandLine()
          .getErr()
          .printf(
              "%s has joined %s, and no agent runs; start it with: openledger node run --data %s%n",
              joined.node(), joined.pool(), home.folder());
    }
    return running ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String text(AgentStatus status) {
    return """
    node      %s
    pool      %s
    link      %s, %d reconnects
    standing  %s
    state     %s, %d credits, %d running, %d held
    since     %s: %d answered, %d faulted, %d refused\
    """
        .formatted(
            status.node(),
            status.pool(),
            status.connected() ? "up" : "down",
            status.reconnects(),
            status.standing(),
            status.state(),
            status.credits(),
            status.running(),
            status.held(),
            status.startedAt(),
            status.answered(),
            status.faulted(),
            status.refused());
  }
}
