package xyz.openledger.cluster.cli;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

@Command(
    name = "version",
    description = "Says which release this is.",
    footer = "%nExample: openledger version -o json")
final class VersionCommand implements Callable<Integer> {
  @Mixin Output output;

  VersionCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() {
    if (output.json()) {
      output.print(new TreeMap<>(Map.of("version", release(), "java", java())), () -> "");
    } else {
      output.shell().out().println(line());
    }
    return ExitCode.OK;
  }

  /** The release; {@code dev} outside a jar. */
  static String release() {
    return Optional.ofNullable(OpenLedger.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  private static String java() {
    return Runtime.version().toString();
  }

  private static String line() {
    return "openledger " + release() + " (Java " + java() + ")";
  }

  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }
  }
}
