package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.cluster.evidence.EvidenceExport;

@Command(
    name = "export",
    description = "Writes the evidence for a job, or for all of a period, into one file.",
    footer = {
      "",
      "In it are the receipts with their proofs, the jobs, the nodes that worked, the rules in"
          + " force, and where each",
      "replica ran. Only what the token may see: a tenant exports its own. Note the digest that is"
          + " printed: with it",
      "any later change of the file is noticed.",
      "",
      "Example: openledger audit export --period 2026-11-01/2026-12-01 --out november.zip"
    })
final class AuditExportCommand implements Callable<Integer> {
  @Mixin private final Member member;

  @Option(names = "--job", paramLabel = "JOB", description = "one job, by id or prefix")
  @Nullable String job;

  @Option(
      names = "--period",
      paramLabel = "FROM/TO",
      description = "days or times in UTC, such as 2026-11-01/2026-12-01; the end is not included")
  @Nullable String period;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "what to write (default evidence.zip); never overwritten")
  Path out = Path.of("evidence.zip");

  AuditExportCommand(Shell shell) {
    member = new Member(shell);
  }

  @Override
  public Integer call() {
    if ((job == null) == (period == null)) {
      throw CommandFailure.usage(
          "name one job, or a period", "--job", "openledger audit export --job JOB");
    }
    Path file = member.shell().resolve(out);
    if (Files.exists(file)) {
      throw CommandFailure.usage(file + " is there already", "--out", "choose another --out FILE");
    }
    EvidenceExport.Written written;
    try {
      written =
          EvidenceExport.write(member.client(), job, period == null ? null : period(period), file);
    } catch (IOException failed) {
      throw CommandFailure.failed("nothing was written: " + failed.getMessage(), "");
    }
    member.print(written, () -> text(file, written));
    return ExitCode.OK;
  }

  private static EvidenceExport.Period period(String text) {
    String[] ends = text.split("/", -1);
    try {
      if (ends.length == 2 && instant(ends[0]).isBefore(instant(ends[1]))) {
        return new EvidenceExport.Period(
            instant(ends[0]).toEpochMilli(), instant(ends[1]).toEpochMilli());
      }
    } catch (DateTimeParseException malformed) {
      // The same advice as for a period that ends before it begins.
    }
    throw CommandFailure.usage(
        "a period is FROM/TO, such as 2026-11-01/2026-12-01: " + text, "--period", "");
  }

  private static Instant instant(String text) {
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
  }

  private static String text(Path file, EvidenceExport.Written written) {
    var fields =
        new ArrayList<Field>(
            List.of(
                field("file", file),
                field("receipts", written.jobs()),
                field("bytes", written.bytes() + " before compression"),
                field("digest", written.digest())));
    written.missing().forEach(line -> fields.add(field("not in it", line)));
    return Table.fields(fields);
  }
}
