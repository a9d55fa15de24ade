package xyz.openledger.cluster.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.configuration.MemberFile;

/** Who votes, and on which chain. */
final class Voter extends Member {
  /** Whose key a development member has: it holds OPEN and coins for gas, worth nothing. */
  private static final String DEVELOPMENT_KEY = "keys/development-requester.pem";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "PKCS#8 PEM file of a secp256k1 key, mode 0600 (default: the development key of the data"
              + " directory)")
  @Nullable Path key;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "the chain (default: that of the running member)")
  @Nullable URI rpc;

  @Option(
      names = "--wait",
      description = "wait until the step can be done, for ten minutes at the most")
  boolean wait;

  /** Votes from {@code shell}. */
  Voter(Shell shell) {
    super(shell);
  }

  /** The chain's address. */
  URI chain() {
    return rpc != null
        ? rpc
        : memberFile()
            .map(MemberFile::rpcUrl)
            .orElseThrow(() -> CommandFailure.usage("which chain is not known here", "--rpc", ""));
  }

  /** The file of the key that signs. */
  Path keyFile() {
    Path file = key != null ? shell().resolve(key) : dataDirectory().resolve(DEVELOPMENT_KEY);
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no key in " + file, "--key", "");
    }
    if (key == null) {
      shell().note("signing with the development key " + file);
    }
    return file;
  }
}
