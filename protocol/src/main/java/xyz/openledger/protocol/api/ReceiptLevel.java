package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a receipt is on its way to the chain; each level includes those before. */
public enum ReceiptLevel {
  /** In the log. */
  @JsonProperty("logged")
  LOGGED,
  /** Under a checkpoint that as many witnesses cosigned as the member asks for. */
  @JsonProperty("witnessed")
  WITNESSED,
  /** Its checkpoint, or a later one, is in a block. */
  @JsonProperty("mined")
  MINED,
  /** In a block that the chain calls safe. */
  @JsonProperty("safe")
  SAFE,
  /** In a block that the chain calls final. */
  @JsonProperty("final")
  FINAL
}
