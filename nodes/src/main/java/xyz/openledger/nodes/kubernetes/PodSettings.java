package xyz.openledger.nodes.kubernetes;

import java.util.regex.Pattern;
import xyz.openledger.protocol.Check;

/**
 * Where workers' pods run, and from what.
 *
 * @param namespace of workers alone, such as {@code openledger-workers}
 * @param image of this release, by digest: {@code registry/name@sha256:…}; what a tag names today
 *     may be another program tomorrow
 * @param runtimeClass what runs the container, such as {@code gvisor} or {@code kata}; it has no
 *     usual value, since the wall between a worker and the machine is chosen by it
 */
public record PodSettings(String namespace, String image, String runtimeClass) {
  private static final int LABEL_MAX = 63;
  private static final int SUBDOMAIN_MAX = 253;
  private static final int IMAGE_MAX = 500;
  private static final String WORD = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern LABEL = Pattern.compile(WORD);
  private static final Pattern SUBDOMAIN = Pattern.compile(WORD + "(\\." + WORD + ")*");

  /** Host and port, folders, perhaps a tag, and the digest of what is to be run. */
  private static final Pattern IMAGE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]*@sha256:[0-9a-f]{64}");

  /** Checks the forms that the cluster asks. */
  public PodSettings {
    match("namespace", namespace, LABEL_MAX, LABEL, "small letters, digits and dashes");
    match("runtimeClass", runtimeClass, SUBDOMAIN_MAX, SUBDOMAIN, "a name such as gvisor or kata");
    match("image", image, IMAGE_MAX, IMAGE, "registry/name@sha256: and 64 hexadecimal digits");
  }

  private static void match(String field, String value, int max, Pattern form, String right) {
    if (!form.matcher(Check.text(field, value, max)).matches()) {
      throw Check.refusal(field, "must be " + right);
    }
  }
}
