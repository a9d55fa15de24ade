package xyz.openledger.cluster.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import xyz.openledger.protocol.Digest;

/**
 * The page at {@code /}: one file, which may run its own script, use its own style, and reach its
 * own origin; nothing else.
 */
record StatusPage(String html, String policy) {

  static StatusPage load() {
    String html = resource("/web/index.html");
    return new StatusPage(
        html,
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action"
            + " 'none'; frame-ancestors 'none'; script-src '%s'; style-src '%s'"
                .formatted(hash(html, "script"), hash(html, "style")));
  }

  HttpResponse response() {
    return Replies.text(ContentTypes.TEXT_HTML_UTF8, html)
        .addHeader(RawHeader.create("Content-Security-Policy", policy))
        .addHeader(RawHeader.create("Referrer-Policy", "no-referrer"));
  }

  /** A text file of ours. */
  static String resource(String name) {
    try (var file = StatusPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException impossible) {
      throw new UncheckedIOException("our own jar can be read", impossible);
    }
  }

  /** The browser runs an inline element only if the policy names its digest. */
  private static String hash(String html, String element) {
    int start = html.indexOf("<" + element + ">") + element.length() + 2;
    int end = html.indexOf("</" + element + ">");
    byte[] content = html.substring(start, end).getBytes(StandardCharsets.UTF_8);
    return "sha256-" + Base64.getEncoder().encodeToString(Digest.of(content).bytes());
  }
}
