package xyz.openledger.protocol.client;

import java.io.Serial;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** No answer arrived: nothing listens there, the link broke, or it took too long. */
public final class MemberUnreachable extends ClientException {
  @Serial private static final long serialVersionUID = 1;

  private final URI url;

  MemberUnreachable(URI url, String reason, @Nullable Throwable cause) {
    super("no answer from " + url + ": " + reason, cause);
    this.url = url;
  }

  /** Where the member was expected. */
  public URI url() {
    return url;
  }
}
