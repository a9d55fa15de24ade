package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.StoredBlob;

@Command(
    name = "blob",
    description = "Stores and reads bytes by the SHA-256 of their content.",
    footer = "%nExample: openledger blob put examples/hello/names.txt")
final class BlobCommand {

  @Command(
      name = "put",
      description = "Stores a file and prints its digest.",
      footer = "%nExample: openledger blob put examples/hello/names.txt")
  int put(
      @Mixin Member member,
      @Parameters(paramLabel = "FILE", description = "at most 64 MiB") Path file)
      throws IOException {
    Path source = member.shell().resolve(file);
    if (!Files.isRegularFile(source)) {
      throw CommandFailure.usage("there is no file " + source, "FILE", "");
    }
    StoredBlob stored = member.client().blobs().put(source);
    member.print(stored, () -> stored.digest() + "\n");
    return ExitCode.OK;
  }

  @Command(
      name = "get",
      description = "Reads a blob, checks its digest, and writes it to standard output or a file.",
      footer = "%nExample: openledger blob get sha256:185f8db3… --file out.bin")
  int get(
      @Mixin Member member,
      @Parameters(paramLabel = "DIGEST", description = "sha256: and 64 hex digits") String digest,
      @Option(names = "--file", paramLabel = "FILE", description = "write it there")
          @Nullable Path file)
      throws IOException {
    Digest wanted = Digest.parse(digest);
    if (file == null) {
      member.shell().out().write(member.client().blobs().get(wanted));
      member.shell().out().flush();
    } else {
      Path target = member.shell().resolve(file);
      long bytes = member.client().blobs().get(wanted, target);
      member.shell().note("wrote " + Text.bytes(bytes) + " to " + target);
    }
    return ExitCode.OK;
  }
}
