package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningPiece;
import xyz.openledger.protocol.api.TuningView;

@Command(
    name = "tune",
    description = "Has the network train adapters, piece by piece, and shows how that goes.",
    subcommands = TuneStartCommand.class,
    footer = {
      "",
      "openledger model tune trains on this machine alone.",
      "",
      "Example: openledger tune start --model tiny --data pirate.jsonl --name pirate2"
    })
final class TuneCommand {
  private static final int DIGEST_LETTERS = 16;

  @Command(
      name = "list",
      description = "Lists your trainings, newest first.",
      footer = "%nExample: openledger tune list")
  int list(
      @Mixin Member member,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "how many (default 20)")
          int limit) {
    List<TuningView> views = member.client().tunings().tunings().stream().limit(limit).toList();
    member.print(views, () -> table(views));
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description = "Shows a training: its pieces, who made them, their loss, and what is to do.",
      footer = "%nExample: openledger tune show tune-abcdefghijklmnopqrstuvwxya")
  int show(@Mixin Member member, @Parameters(paramLabel = "ID", description = "of it") String id) {
    TuningView view = member.client().tunings().show(TuningId.parse(id));
    member.print(view, () -> text(view));
    return ExitCode.OK;
  }

  @Command(
      name = "events",
      description = "Tells what happened in a training, the oldest first.",
      footer = "%nExample: openledger tune events tune-abcdefghijklmnopqrstuvwxya")
  int events(
      @Mixin Member member, @Parameters(paramLabel = "ID", description = "of it") String id) {
    List<TuningNews> news = member.client().tunings().events(TuningId.parse(id)).stream().toList();
    member.print(news, () -> news(news));
    return ExitCode.OK;
  }

  @Command(
      name = "cancel",
      description = "Ends a training; what was made until then is paid and kept as blobs.",
      footer = "%nExample: openledger tune cancel tune-abcdefghijklmnopqrstuvwxya")
  int cancel(
      @Mixin Member member, @Parameters(paramLabel = "ID", description = "of it") String id) {
    TuningView view = member.client().tunings().cancel(TuningId.parse(id));
    member.print(view, () -> text(view));
    return ExitCode.OK;
  }

  private static String table(List<TuningView> views) {
    if (views.isEmpty()) {
      return "no training; openledger tune start --help\n";
    }
    var table = Table.of("TRAINING", "STATE", "MODEL", "PIECES", "LOSS", "PAID", "STARTED");
    for (TuningView view : views) {
      table.row(
          view.id(),
          view.state().word(),
          view.request().model(),
          view.pieces().size() + " of " + view.request().pieces(),
          view.pieces().isEmpty() ? "" : TuningLines.loss(view.pieces().getLast().loss()),
          Money.text(view.chargedNanoOpen()),
          Text.moment(view.startedAtMillis()));
    }
    return table.text();
  }

  static String text(TuningView view) {
    var fields = new ArrayList<Table.Field>();
    fields.add(field("training", view.id().value()));
    fields.add(
        field(
            "state",
            view.detail().isEmpty()
                ? view.state().word()
                : view.state().word() + ": " + view.detail()));
    fields.add(
        field(
            "adapts",
            "%s, %d steps in %d pieces"
                .formatted(
                    view.request().model(),
                    view.request().recipe().steps(),
                    view.request().pieces())));
    fields.add(field("paid", Money.text(view.chargedNanoOpen())));
    if (view.passes() != null) {
      fields.add(
          field(
              "checks",
              "%d of %d pieces made again; one falsified piece passes with %.0f %%"
                  .formatted(
                      view.request().checks(), view.request().pieces(), 100 * view.passes())));
    }
    if (view.servedAs() == null && view.adapter() != null) {
      fields.add(field("adapter", view.adapter().toString()));
    }
    var text = new StringBuilder(Table.fields(fields));
    if (!view.pieces().isEmpty()) {
      var table = Table.of("PIECE", "TO STEP", "LOSS", "HELD BACK", "CHECK", "JOB", "CHECKPOINT");
      for (TuningPiece piece : view.pieces()) {
        table.row(
            piece.number(),
            piece.until(),
            TuningLines.loss(piece.loss()),
            TuningLines.loss(piece.heldBackLoss()),
            piece.check(),
            piece.job(),
            piece.checkpoint().hex().substring(0, DIGEST_LETTERS));
      }
      text.append('\n').append(table.text());
    }
    if (view.servedAs() != null) {
      text.append(
          "\nask it:      openledger chat %s \"…\"\nits receipt: openledger receipt show %s\n"
              .formatted(view.servedAs(), view.pieces().getLast().job()));
    }
    return text.toString();
  }

  private static String news(List<TuningNews> news) {
    var table = Table.of("AT", "WHAT", "LOSS", "");
    for (TuningNews each : news) {
      table.row(
          Text.moment(each.atMillis()),
          each.kind(),
          each.losses().isEmpty() ? "" : TuningLines.loss(each.losses().getLast()),
          each.text());
    }
    return table.text();
  }
}
