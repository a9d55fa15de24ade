package xyz.openledger.cluster.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.Check;

/**
 * What this installation is set to, and who said so. Later ones override earlier ones:
 *
 * <ol>
 *   <li>{@code reference.conf}, which names every setting and explains it;
 *   <li>{@code openledger.conf} in the data directory;
 *   <li>environment variables: {@code openledger.http.port} is {@code OPENLEDGER_HTTP_PORT};
 *   <li>flags of the command.
 * </ol>
 *
 * <p>A setting that {@code reference.conf} does not name is refused, since it is a typing error.
 *
 * @param config all of it, resolved; settings of libraries too
 * @param settings each of {@code openledger.*}, with its source
 */
public record Configuration(Config config, List<Setting> settings) {
  /** The file in the data directory. */
  public static final String FILE = "openledger.conf";

  private static final String ROOT = "openledger";

  /** Keeps its own copy. */
  public Configuration {
    settings = List.copyOf(settings);
  }

  /**
   * One setting.
   *
   * @param name such as {@code openledger.http.port}
   * @param value as one would write it in {@code openledger.conf}
   * @param source where it was set last
   */
  public record Setting(String name, String value, String source) {}

  /**
   * Reads all sources.
   *
   * @param dataDirectory where {@value #FILE} may lie
   * @param flags values by setting name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} for an unknown name or
   *     a file that cannot be read
   */
  public static Configuration load(
      Path dataDirectory, Map<String, String> environment, Map<String, String> flags) {
    Config reference = ConfigFactory.parseResources("reference.conf");
    Map<String, ConfigValue> known = leaves(reference);
    Config file = file(dataDirectory.resolve(FILE));
    leaves(file).keySet().forEach(name -> requireKnown(name, known, FILE));
    flags.keySet().forEach(name -> requireKnown(name, known, "flags"));

    Config layered = file.withFallback(reference);
    for (String name : known.keySet()) {
      String variable = variable(name);
      String value = environment.get(variable);
      if (value != null) {
        layered = layered.withValue(name, parse(value, "environment variable " + variable));
      }
    }
    for (var flag : flags.entrySet()) {
      layered = layered.withValue(flag.getKey(), parse(flag.getValue(), "flag"));
    }
    Config resolved = layered.resolve();
    return new Configuration(resolved, settings(resolved));
  }

  /** The environment variable of a setting. */
  public static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static Config file(Path file) {
    if (!Files.exists(file)) {
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(file.toFile());
    } catch (ConfigException malformed) {
      throw Check.refusal("", String.valueOf(malformed.getMessage()));
    }
  }

  private static List<Setting> settings(Config resolved) {
    return leaves(resolved).entrySet().stream()
        .map(
            entry ->
                new Setting(
                    entry.getKey(),
                    entry.getValue().render(ConfigRenderOptions.concise()),
                    entry.getValue().origin().description()))
        .toList();
  }

  private static Map<String, ConfigValue> leaves(Config config) {
    var leaves = new TreeMap<String, ConfigValue>();
    if (config.hasPath(ROOT)) {
      config
          .getConfig(ROOT)
          .entrySet()
          .forEach(entry -> leaves.put(ROOT + "." + entry.getKey(), entry.getValue()));
    }
    return leaves;
  }

  private static void requireKnown(String name, Map<String, ConfigValue> known, String where) {
    if (!known.containsKey(name)) {
      throw Check.refusal(name, "no such setting, in " + where);
    }
  }

  /** As it would be read in a file: a number, a duration, a list, or plain text. */
  private static ConfigValue parse(String text, String source) {
    try {
      return ConfigFactory.parseString("value = " + text)
          .getValue("value")
          .withOrigin(ConfigOriginFactory.newSimple(source));
    } catch (ConfigException plain) {
      return ConfigValueFactory.fromAnyRef(text, source);
    }
  }
}
