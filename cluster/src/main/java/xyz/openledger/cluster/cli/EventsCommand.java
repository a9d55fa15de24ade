package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "events",
    description =
        "Prints what changes, as it changes: one line each, with -o json one document each.",
    footer = "%nExample: openledger events --follow")
final class EventsCommand implements Callable<Integer> {
  @Mixin Member member;

  @Option(names = "--follow", description = "go on until interrupted")
  boolean follow;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description = "without --follow, end after so many (default 10)")
  int count;

  @Option(
      names = "--after",
      paramLabel = "SEQUENCE",
      defaultValue = "0",
      description =
          "start behind this event, as far as the member remembers (default: from now on)")
  long after;

  private int printed;

  EventsCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    member.client().events().follow(after, this::print);
    return ExitCode.OK;
  }

  private boolean print(Event event) {
    String line =
        member.json()
            ? new String(Json.write(event), java.nio.charset.StandardCharsets.UTF_8)
            : Text.printable(
                "%s  %d  %s  %s  %s"
                    .formatted(
                        Text.moment(event.atMillis()),
                        event.sequence(),
                        event.kind().name().toLowerCase(Locale.ROOT),
                        event.id(),
                        event.state()));
    member.shell().out().println(line);
    member.shell().out().flush();
    printed++;
    return follow || printed < count;
  }
}
