// Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const webhookSecret = "whsec_your_secret"

type event struct {
	Type string `json:"type"`
	Data struct {
		Order string `json:"external_order_id"`
		Mode  string `json:"mode"`
	} `json:"data"`
}

func isGenuine(headers http.Header, body []byte) bool {
	id, at := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	sent, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return false
	}
	// What follows whsec_ is the key, in base64.
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(webhookSecret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "." + string(body)))
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(expected), []byte(headers.Get("webhook-signature")))
}

func take(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))
	if err != nil || !isGenuine(request.Header, body) {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event event
	if err := json.Unmarshal(body, &event); err != nil {
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	// Store it here. The same webhook can come twice: act on each payment once.
	if event.Type == "payment.confirmed" {
		note := ""
		if event.Data.Mode == "test" {
			note = " (a test: do not deliver)"
		}
		fmt.Println(event.Data.Order + " is paid" + note)
	}
	response.WriteHeader(http.StatusOK)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	http.HandleFunc("/", take)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
