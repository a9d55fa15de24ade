package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.TuningPiece;
import xyz.openledger.protocol.api.TuningView;

/** Shows a training on the network as it goes: a bar, and what the last piece came to. */
final class TuningLines implements Consumer<TuningView> {
  private static final int WIDTH = 20;

  private final Shell shell;
  private String said = "";

  TuningLines(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void accept(TuningView view) {
    String line = line(view);
    if (!line.equals(said)) {
      said = line;
      shell.note(line);
    }
  }

  static String line(TuningView view) {
    int pieces = view.request().pieces();
    int made = view.pieces().size();
    int done = WIDTH * made / pieces;
    long agreed = view.pieces().stream().filter(it -> it.check().equals("agreed")).count();
    long drawn = agreed + view.pieces().stream().filter(it -> it.check().equals("drawn")).count();
    return "[%s%s] %d of %d pieces%s%s  %s  %s"
        .formatted(
            "#".repeat(done),
            ".".repeat(WIDTH - done),
            made,
            pieces,
            view.pieces().isEmpty() ? "" : last(view.pieces().getLast()),
            drawn == 0 ? "" : "  %d of %d looks agree".formatted(agreed, drawn),
            Money.text(view.chargedNanoOpen()),
            view.state().word());
  }

  private static String last(TuningPiece piece) {
    return "  loss %s  by %s"
        .formatted(
            loss(piece.loss()),
            piece.nodes().stream()
                .map(NodeId::value)
                .map(Text::shortId)
                .collect(Collectors.joining(", ")));
  }

  static String loss(@Nullable Double loss) {
    return loss == null ? "" : String.format(Locale.ROOT, "%.4f", loss);
  }
}
