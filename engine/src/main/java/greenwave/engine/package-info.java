/** Opens the engine: a backend and the random streams, owned by one object and freed with it. */
package greenwave.engine;
