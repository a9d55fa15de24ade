package xyz.openledger.cluster.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.job.Convictions;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.json.Json;

/**
 * What this member saw that convicts nodes, a file each, under names that follow from what is in
 * them. Beyond {@value #FILES_MAX} nothing more is kept. Nobody is accused by it: the operator is
 * told by {@code openledger dispute evidence}.
 */
public final class EvidenceFolder implements Convictions {
  /** The most files. */
  public static final int FILES_MAX = 4_096;

  /** How many are told of one node. */
  private static final int SHOWN_MAX = 64;

  /** What equivocations are named. */
  public static final String EQUIVOCATION = "-equivocation.json";

  /** What contradictions are named. */
  public static final String CONTRADICTION = "-contradiction.json";

  private static final Logger LOG = LoggerFactory.getLogger(EvidenceFolder.class);

  private final Path folder;
  private final Executor disk;

  /** A contradiction: the receipt has it all, and is exported when it is wanted. */
  public record Contradiction(int version, NodeId node, JobId job, ReplicaId replica) {}

  EvidenceFolder(Path folder, Executor disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Where it lies below a data directory. */
  public static Path below(Path data) {
    return data.resolve("member/evidence");
  }

  /**
   * What is kept against a node below a folder, the latest first and at most {@value #SHOWN_MAX};
   * what cannot be read is left out.
   */
  public static List<NodeDetail.Against> against(Path folder, NodeId node) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(node.value() + "-"))
          .flatMap(file -> against(file).stream())
          .sorted(Comparator.comparingLong(NodeDetail.Against::seenAtMillis).reversed())
          .limit(SHOWN_MAX)
          .toList();
    } catch (IOException | UncheckedIOException unreadable) {
      LOG.warn("evidence cannot be listed: {}", unreadable.toString());
      return List.of();
    }
  }

  private static Optional<NodeDetail.Against> against(Path file) {
    String name = file.getFileName().toString();
    try {
      long seen = Files.getLastModifiedTime(file).toMillis();
      if (name.endsWith(EQUIVOCATION)) {
        return Optional.of(new NodeDetail.Against("equivocation", null, name, seen));
      }
      return name.endsWith(CONTRADICTION)
          ? Optional.of(
              new NodeDetail.Against(
                  "contradiction",
                  Json.read(Files.readAllBytes(file), Contradiction.class).job(),
                  name,
                  seen))
          : Optional.empty();
    } catch (IOException | ProblemException unreadable) {
      LOG.warn("evidence that cannot be read: {}", file);
      return Optional.empty();
    }
  }

  @Override
  public void equivocated(Equivocation seen) {
    later(() -> keep(seen.node() + "-" + seen.name().hex().substring(0, 16) + EQUIVOCATION, seen));
  }

  @Override
  public void contradicted(Receipt receipt) {
    later(() -> refuted(receipt));
  }

  private void refuted(Receipt receipt) {
    for (ReplicaId replica : Accusation.accusable(receipt)) {
      receipt.tasks().stream()
          .flatMap(task -> task.replicas().stream())
          .filter(it -> it.replica().equals(replica))
          .findFirst()
          .ifPresent(
              it -> {
                String name = Digest.of(replica.toString().getBytes(StandardCharsets.UTF_8)).hex();
                keep(
                    it.node() + "-" + name.substring(0, 16) + CONTRADICTION,
                    new Contradiction(1, it.node(), replica.job(), replica));
              });
    }
  }

  private void later(Runnable task) {
    try {
      disk.execute(task);
    } catch (RejectedExecutionException closing) {
      LOG.warn("evidence was not kept: this member closes");
    }
  }

  private synchronized void keep(String name, Object evidence) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      if (Files.exists(file)) {
        return;
      }
      try (Stream<Path> kept = Files.list(folder)) {
        if (kept.count() >= FILES_MAX) {
          LOG.warn("evidence was not kept: {} files are there already", FILES_MAX);
          return;
        }
      }
      Path partial = Files.createTempFile(folder, "partial-", ".tmp");
      Files.write(partial, Json.pretty(evidence).getBytes(StandardCharsets.UTF_8));
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      LOG.warn("this convicts a node; see openledger dispute evidence: {}", file);
    } catch (IOException unwritable) {
      LOG.warn("evidence was not kept: {}", unwritable.toString());
    }
  }
}
