package xyz.openledger.protocol.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why a call to a member brought no answer. */
public abstract sealed class ClientException extends RuntimeException
    permits MemberRefusal, MemberUnreachable, MalformedAnswer {
  @Serial private static final long serialVersionUID = 1;

  ClientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
