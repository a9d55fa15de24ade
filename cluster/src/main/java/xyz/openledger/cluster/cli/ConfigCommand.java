package xyz.openledger.cluster.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.configuration.Configuration;
import xyz.openledger.cluster.configuration.Configuration.Setting;
import xyz.openledger.cluster.configuration.DataDirectory;

@Command(
    name = "config",
    description = "Shows what this installation is set to.",
    footer = "%nExample: openledger config show")
final class ConfigCommand {

  @Command(
      name = "show",
      description = "Shows each setting, its value, and who set it last.",
      footer = {
        "",
        "Sources, later ones override: reference.conf, openledger.conf in the data directory,",
        "OPENLEDGER_… in the environment, flags.",
        "",
        "Example: openledger config show -o json"
      })
  int show(
      @Mixin Output output,
      @Option(
              names = "--data-dir",
              paramLabel = "DIR",
              description = "the data directory (default .openledger)")
          @Nullable Path dataDirectory,
      @Option(
              names = "--set",
              paramLabel = "NAME=VALUE",
              description = "as a flag of dev or member would set it; may be repeated")
          @Nullable Map<String, String> flags) {
    Shell shell = output.shell();
    Path folder =
        DataDirectory.find(
            dataDirectory, shell.environment(), shell.workingDirectory(), shell.projectHome());
    List<Setting> settings =
        Configuration.load(folder, shell.environment(), flags == null ? Map.of() : flags)
            .settings();
    output.print(settings, () -> table(settings));
    return ExitCode.OK;
  }

  private static String table(List<Setting> settings) {
    var table = Table.of("SETTING", "VALUE", "SOURCE");
    settings.forEach(
        setting -> table.row(setting.name(), setting.value(), brief(setting.source())));
    return table.text();
  }

  /** Which jar the built-in values lie in says nothing to people; JSON tells it. */
  private static String brief(String source) {
    return source.replaceFirst("^(reference\\.conf) @ \\S+: (\\d+)$", "$1:$2");
  }
}
