/** What a simulator implements to be trained on; knows no SUMO. */
package greenwave.engine.env;
