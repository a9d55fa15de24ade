package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.cluster.member.EvidenceFolder;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "evidence",
    description = "Lists what this machine's member saw that convicts nodes, and how to bring it.",
    footer = {
      "",
      "A member accuses nobody by itself: the bond is the accuser's, and so is the decision.",
      "",
      "Example: openledger dispute evidence --data-dir .openledger"
    })
final class DisputeEvidenceCommand implements Callable<Integer> {
  @Mixin Member output;

  DisputeEvidenceCommand(Shell shell) {
    this.output = new Member(shell);
  }

  /** What programs read. */
  record Kept(String node, String kind, String file, String bringIt) {}

  @Override
  public Integer call() throws IOException {
    Path folder = EvidenceFolder.below(output.dataDirectory());
    var kept = new ArrayList<Kept>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().limit(EvidenceFolder.FILES_MAX).toList()) {
          Kept one = kept(file);
          if (one != null) {
            kept.add(one);
          }
        }
      }
    }
    output.print(kept, () -> text(kept));
    return ExitCode.OK;
  }

  private static @Nullable Kept kept(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(EvidenceFolder.EQUIVOCATION)) {
      var seen = Json.read(Files.readAllBytes(file), Equivocation.class);
      return new Kept(
          seen.node().value(),
          "equivocation",
          file.toString(),
          "openledger dispute submit " + file + " --rpc URL --contract COURT --key KEY");
    }
    if (name.endsWith(EvidenceFolder.CONTRADICTION)) {
      var seen = Json.read(Files.readAllBytes(file), EvidenceFolder.Contradiction.class);
      return new Kept(
          seen.node().value(),
          "contradiction",
          file.toString(),
          "openledger dispute export %s --replica %s --rpc URL --out FILE"
              .formatted(seen.job(), seen.replica()));
    }
    return null;
  }

  private static String text(List<Kept> kept) {
    if (kept.isEmpty()) {
      return "this member has seen nothing that convicts a node\n";
    }
    var table = Table.of("NODE", "WHAT", "BRING IT BY");
    kept.forEach(one -> table.row(one.node(), one.kind(), one.bringIt()));
    return table.text();
  }
}
