package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** How sensitive the input of a job is, as its requester says; the least sensitive first. */
public enum DataClass {
  /** Anybody may see it. */
  @JsonProperty("public")
  PUBLIC,
  /** Not secret, and nothing to publish. */
  @JsonProperty("internal")
  INTERNAL,
  /** It would harm somebody to publish it. */
  @JsonProperty("confidential")
  CONFIDENTIAL,
  /** Under law or contract: who may see it is regulated. */
  @JsonProperty("restricted")
  RESTRICTED;

  /** Its name in policies, rules and labels. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of this class and of all that are more sensitive. */
  public Set<String> orMoreSensitive() {
    return Arrays.stream(values())
        .filter(other -> other.compareTo(this) >= 0)
        .map(DataClass::word)
        .collect(Collectors.toUnmodifiableSet());
  }
}
