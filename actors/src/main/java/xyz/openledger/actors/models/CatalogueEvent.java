package xyz.openledger.actors.models;

/** What happened to the catalogue. */
public sealed interface CatalogueEvent {
  /** The name is served from now on by this model, whatever it was before. */
  record Published(ServedModel model) implements CatalogueEvent {}

  /** The name is served no more. */
  record Withdrawn(String name, long atMillis) implements CatalogueEvent {}
}
