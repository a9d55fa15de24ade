package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.Check;

/** The options that say where workers run. What is left out stays as it was. */
final class SandboxOptions {
  private static final String NAMESPACE = "openledger-workers";

  /** Where. */
  enum Place {
    LOCAL,
    CONTAINER
  }

  @Option(
      names = "--sandbox",
      paramLabel = "PLACE",
      description = {
        "local: the strongest sandbox of this machine (default);"
            + " container: a pod for each worker, in a Kubernetes cluster"
      })
  @Nullable String place;

  @Option(
      names = "--worker-image",
      paramLabel = "IMAGE@DIGEST",
      description = "for --sandbox container: the image of this release, by digest")
  @Nullable String image;

  @Option(
      names = "--worker-namespace",
      paramLabel = "NAME",
      description = "for --sandbox container: where the pods go (default " + NAMESPACE + ")")
  @Nullable String namespace;

  @Option(
      names = "--runtime-class",
      paramLabel = "NAME",
      description = "for --sandbox container: what runs them, such as gvisor or kata")
  @Nullable String runtimeClass;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "for --sandbox container: the cluster (default: the one this runs in)")
  @Nullable Path kubeconfig;

  /** The choice, null for this machine; {@code base} with what was given changed. */
  @Nullable PodChoice over(@Nullable PodChoice base) {
    Place chosen = place == null ? (base == null ? Place.LOCAL : Place.CONTAINER) : parse(place);
    if (chosen == Place.LOCAL) {
      refuseLeftovers();
      return null;
    }
    return new PodChoice(
        or(namespace, base == null ? NAMESPACE : base.namespace()),
        needed("--worker-image", image, base == null ? null : base.image()),
        needed("--runtime-class", runtimeClass, base == null ? null : base.runtimeClass()),
        kubeconfig != null
            ? kubeconfig.toAbsolutePath().toString()
            : base == null ? null : base.kubeconfig());
  }

  private void refuseLeftovers() {
    if (image != null || namespace != null || runtimeClass != null || kubeconfig != null) {
      throw Check.refusal(
          "--sandbox", "must be container for --worker-image, --runtime-class and the like");
    }
  }

  private static Place parse(String text) {
    return switch (text) {
      case "local" -> Place.LOCAL;
      case "container" -> Place.CONTAINER;
      default -> throw Check.refusal("--sandbox", "must be local or container, is " + text);
    };
  }

  private static String needed(String option, @Nullable String given, @Nullable String before) {
    if (given == null && before == null) {
      throw Check.refusal(option, "is needed with --sandbox container");
    }
    return or(given, Objects.requireNonNullElse(before, ""));
  }

  private static String or(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }
}
