package xyz.openledger.nodes.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import xyz.openledger.protocol.Check;

/**
 * Finds the way to a cluster: by the files that it gives to each pod, or by a kubeconfig. Of the
 * latter only tokens are understood; programs that would fetch one, and certificates of one's own,
 * are refused by name.
 */
final class AccessFiles {
  private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final List<String> NOT_UNDERSTOOD =
      List.of("exec", "auth-provider", "client-certificate", "client-certificate-data", "username");

  private AccessFiles() {}

  /** As the pod that this program runs in; empty outside of a cluster. */
  static Optional<ClusterAccess> ofPod(Map<String, String> environment) {
    return ofPod(environment, POD);
  }

  static Optional<ClusterAccess> ofPod(Map<String, String> environment, Path folder) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    Path token = folder.resolve("token");
    if (host == null || !Files.exists(token)) {
      return Optional.empty();
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String address = host.contains(":") ? "[" + host + "]" : host;
    return Optional.of(
        new ClusterAccess(
            uri("https://" + address + ":" + port),
            read("certificate-authority", folder.resolve("ca.crt")),
            ClusterAccess.tokenIn(token)));
  }

  /** As the current context of a kubeconfig says. */
  static ClusterAccess ofFile(Path kubeconfig) {
    Map<?, ?> config = map("kubeconfig", parse(read("kubeconfig", kubeconfig)));
    String current = text("current-context", config.get("current-context"));
    Map<?, ?> context = named(config, "contexts", "context", current);
    Map<?, ?> cluster =
        named(config, "clusters", "cluster", text("cluster", context.get("cluster")));
    Map<?, ?> user = named(config, "users", "user", text("user", context.get("user")));
    if (cluster.get("insecure-skip-tls-verify") instanceof Boolean skip && skip) {
      throw Check.refusal("insecure-skip-tls-verify", "would show the token to anybody: remove it");
    }
    Path folder = Objects.requireNonNull(kubeconfig.toAbsolutePath().getParent());
    return new ClusterAccess(
        uri(text("server", cluster.get("server"))),
        authorities(cluster, folder),
        token(user, folder));
  }

  private static String authorities(Map<?, ?> cluster, Path folder) {
    Object data = cluster.get("certificate-authority-data");
    return data != null
        ? decoded(text("certificate-authority-data", data))
        : read(
            "certificate-authority",
            folder.resolve(text("certificate-authority", cluster.get("certificate-authority"))));
  }

  private static Supplier<String> token(Map<?, ?> user, Path folder) {
    if (user.get("tokenFile") != null) {
      return ClusterAccess.tokenIn(folder.resolve(text("tokenFile", user.get("tokenFile"))));
    }
    if (user.get("token") != null) {
      String token = text("token", user.get("token")).strip();
      return () -> token;
    }
    String other =
        NOT_UNDERSTOOD.stream().filter(user::containsKey).findFirst().orElse("no credential");
    throw Check.refusal(
        "users[].user",
        "has %s; token or tokenFile is needed: kubectl create token NAME --namespace NAMESPACE"
            .formatted(other));
  }

  private static Map<?, ?> named(Map<?, ?> config, String list, String what, String name) {
    if (config.get(list) instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> fields && name.equals(fields.get("name"))) {
          return map(list + "[]." + what, fields.get(what));
        }
      }
    }
    throw Check.refusal(list, "has no entry of the name " + name);
  }

  private static @Nullable Object parse(String yaml) {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    try {
      return new Yaml(new SafeConstructor(options)).load(yaml);
    } catch (YAMLException malformed) {
      throw Check.refusal("kubeconfig", "is no YAML");
    }
  }

  private static Map<?, ?> map(String field, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw Check.refusal(field, "must have fields");
  }

  private static String text(String field, @Nullable Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw Check.refusal(field, value == null ? "is missing" : "must be a text");
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException malformed) {
      throw Check.refusal("certificate-authority-data", "is no base64");
    }
  }

  private static URI uri(String text) {
    try {
      return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException malformed) {
      throw Check.refusal("server", "is no URL: " + text);
    }
  }

  private static String read(String field, Path file) {
    try {
      Check.range(field, Files.size(file), 1, FILE_BYTES_MAX);
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw Check.refusal(field, "cannot be read from " + file);
    }
  }
}
