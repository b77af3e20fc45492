package model

// DeliveryRecord is the file in which a delivery to learners remembers what it
// wrote. Its folder, and all below it, is handed to people one by one, and is
// never published.
const DeliveryRecord = ".laurel-delivery.jsonl"
